// A sale, and a payment that is canceled in flight and changed: `node sale.mjs http://127.0.0.1:12111`.
import Stripe from "stripe";

const { hostname, port } = new URL(process.argv[2]);
const stripe = new Stripe("sk_test_node", { host: hostname, port, protocol: "http", telemetry: false });
const readers = stripe.terminal.readers;
const done = {};

const location = await stripe.terminal.locations.create({
  display_name: "Shop",
  address: { line1: "1 Main St", city: "San Francisco", state: "CA", postal_code: "94111", country: "US" },
});
const reader = await readers.create({
  registration_code: "simulated-wpe",
  location: location.id,
  label: "Till",
  metadata: { till: "1" },
});
done.readers = (await readers.list({ location: location.id })).data.map((one) => one.label);

async function newPayment() {
  return stripe.paymentIntents.create({
    amount: 1000,
    currency: "usd",
    allowed_payment_method_types: ["card_present"],
    capture_method: "manual",
  });
}

async function pay(payment) {
  await readers.processPaymentIntent(reader.id, { payment_intent: payment.id });
  const presented = await stripe.testHelpers.terminal.readers.presentPaymentMethod(reader.id);
  const captured = await stripe.paymentIntents.capture(payment.id, {}, { expand: ["latest_charge"] });
  return [presented.action.status, captured.status, captured.amount_received];
}

done.sale = await pay(await newPayment());

const payment = await newPayment();
await readers.processPaymentIntent(reader.id, { payment_intent: payment.id });
done.action = (await readers.cancelAction(reader.id)).action;
await stripe.paymentIntents.update(payment.id, { amount: 2500 });
done.changed = await pay(payment);

const dropped = await newPayment();
await readers.processPaymentIntent(reader.id, { payment_intent: dropped.id });
await readers.cancelAction(reader.id);
done.canceled = (await stripe.paymentIntents.cancel(dropped.id)).status;

try {
  await stripe.paymentIntents.capture(dropped.id);
} catch (error) {
  done.refused = [error.constructor.name, error.statusCode, error.code];
}
console.log(JSON.stringify(done));
