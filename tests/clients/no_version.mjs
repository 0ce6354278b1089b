// A backend written for stripe 11, which leaves the version to the account: `node no_version.mjs URL`.
import Stripe from "stripe-11";

const { hostname, port } = new URL(process.argv[2]);
const stripe = new Stripe("sk_test_node_11", { host: hostname, port, protocol: "http", telemetry: false });

const location = await stripe.terminal.locations.create({
  display_name: "Shop",
  address: { line1: "1 Main St", city: "San Francisco", state: "CA", postal_code: "94111", country: "US" },
});
const reader = await stripe.terminal.readers.create({
  registration_code: "simulated-wpe",
  location: location.id,
  label: "Till",
});
const intent = await stripe.paymentIntents.create({
  amount: 1000,
  currency: "usd",
  payment_method_types: ["card_present"],
  capture_method: "manual",
});
await stripe.terminal.readers.processPaymentIntent(reader.id, { payment_intent: intent.id });
const presented = await stripe.testHelpers.terminal.readers.presentPaymentMethod(reader.id);
const captured = await stripe.paymentIntents.capture(intent.id);
const [charge] = captured.charges.data;
console.log(
  JSON.stringify({
    version: captured.lastResponse.apiVersion,
    sale: [presented.action.status, captured.status, captured.amount_received],
    receipt: charge.payment_method_details.card_present.receipt.application_preferred_name,
    retrieved: (await stripe.paymentIntents.retrieve(intent.id)).charges.total_count,
    automatic: (await stripe.paymentIntents.create({ amount: 1000, currency: "usd" })).capture_method,
  }),
);
