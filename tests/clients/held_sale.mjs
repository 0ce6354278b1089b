// A sale as an application makes it: its card is held to the reader by somebody else, and it waits for that.
// `node held_sale.mjs http://127.0.0.1:12111 http://127.0.0.1:4242/webhook`
import Stripe from "stripe";

const { hostname, port } = new URL(process.argv[2]);
const stripe = new Stripe("sk_test_offline", { host: hostname, port, protocol: "http", telemetry: false });
const readers = stripe.terminal.readers;
const endpoint = await stripe.webhookEndpoints.create({ url: process.argv[3], enabled_events: ["*"] });
console.log(JSON.stringify({ secret: endpoint.secret }));

const [reader] = (await readers.list({ limit: 1 })).data;
const payment = await stripe.paymentIntents.create(
  {
    amount: 1250,
    currency: "usd",
    allowed_payment_method_types: ["card_present"],
    capture_method: "manual",
    description: process.argv[4] ?? "Two teas",
  },
  { idempotencyKey: `order ${process.pid}` },
);
await readers.processPaymentIntent(reader.id, { payment_intent: payment.id });
console.log(JSON.stringify({ asks: payment.id }));
let shown = payment;
while (shown.status === "requires_payment_method") {
  await new Promise((resolve) => setTimeout(resolve, 100));
  shown = await stripe.paymentIntents.retrieve(payment.id);
}
const captured = await stripe.paymentIntents.capture(payment.id);
console.log(JSON.stringify({ captured: captured.amount_received, status: captured.status }));
