// Events as strict receivers check them: `node strict_events.mjs URL VERSION`.
//
// stripe-go, Stripe.net and stripe-java refuse an event whose version is not their own; what stripe-go's
// ConstructEvent does is done again here.
import http from "node:http";

import Stripe from "stripe";

const [url, own] = process.argv.slice(2);
const { hostname, port } = new URL(url);
const stripe = new Stripe("sk_test_strict", { host: hostname, port, protocol: "http", telemetry: false });

function constructEvent(payload, header, secret, version) {
  const event = stripe.webhooks.constructEvent(payload, header, secret);
  if (event.api_version !== version) {
    throw new Error(`Received event with API version ${event.api_version}, but expects ${version}`);
  }
  return event;
}

function outcome(attempt) {
  try {
    return attempt();
  } catch (error) {
    return error.constructor.name;
  }
}

// One server for each endpoint, which answers 200 and keeps what came first.
function listen() {
  return new Promise((ready) => {
    const received = {};
    received.first = new Promise((resolve) => {
      const server = http.createServer((request, response) => {
        let body = "";
        request.on("data", (chunk) => (body += chunk));
        request.on("end", () => {
          response.end();
          server.close();
          resolve({ body, signature: request.headers["stripe-signature"] });
        });
      });
      server.listen(0, "127.0.0.1", () => {
        received.url = `http://127.0.0.1:${server.address().port}/webhook`;
        ready(received);
      });
    });
  });
}

const enabled_events = ["payment_intent.created"];
const servers = [await listen(), await listen()];
const endpoints = [
  await stripe.webhookEndpoints.create({ url: servers[0].url, enabled_events, api_version: own }),
  await stripe.webhookEndpoints.create({ url: servers[1].url, enabled_events }),
];
await stripe.paymentIntents.create({ amount: 1000, currency: "usd" });
const done = [];
for (const [index, { secret }] of endpoints.entries()) {
  const { body, signature } = await servers[index].first;
  done.push({
    strict: outcome(() => "charges" in constructEvent(body, signature, secret, own).data.object),
    // The commonest mistake: what was signed is the text as it came, not the same object written anew.
    written_anew: outcome(() => stripe.webhooks.constructEvent(JSON.stringify(JSON.parse(body)), signature, secret)),
    indented: body === JSON.stringify(JSON.parse(body), null, 2),
    fake: /,v0=[0-9a-f]{64}$/.test(signature),
  });
}
console.log(JSON.stringify(done));
