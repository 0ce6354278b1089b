// Evaluates calls as the request log writes them, and prints what each sends: `node send_again.mjs < calls.json`.
import fs from "fs";
import Stripe from "stripe";

const sent = [];
const httpClient = Stripe.createNodeHttpClient();
httpClient.makeRequest = (host, port, path, method, headers, body) => {
  const lower = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  sent.push({ method, path, body: body ? Buffer.from(body).toString() : "", key: lower["idempotency-key"] ?? null });
  const answer = { id: "x", object: "list", data: [], has_more: false, url: "/v1/x" };
  return Promise.resolve({
    getStatusCode: () => 200,
    getHeaders: () => ({}),
    getRawResponse: () => ({}),
    toStream: () => null,
    toJSON: () => Promise.resolve(answer),
  });
};
const stripe = new Stripe("sk_test_x", { httpClient, telemetry: false });
for (const call of JSON.parse(fs.readFileSync(0, "utf8"))) await new Function("stripe", "fs", `return ${call}`)(stripe, fs);
console.log(JSON.stringify(sent));
