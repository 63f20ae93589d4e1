// CloudEvents' client: each event in binary and in structured mode, and all of them as a batch.
import { CloudEvent, emitterFor, HTTP, httpTransport, Mode } from "cloudevents";
import { plan, settle } from "./plan.mjs";

const failures = [];
const headers = { authorization: `Bearer ${plan.token}` };
const events = plan.uses.map((use) => new CloudEvent({
  id: use.id, source: "/wiki", type: use.name, time: use.time, subject: `page ${use.page}, 100 %`, userid: use.who, data: { page: use.page, to: use.to },
}));
for (const mode of [Mode.BINARY, Mode.STRUCTURED]) {
  const emit = emitterFor(httpTransport(`${plan.url}/v1/events`), { mode });
  for (const event of events) await emit(event, { headers });
}
// The client reads batches, but has no function that writes one.
const batch = "[" + events.map((event) => HTTP.structured(event).body).join(",") + "]";
const answer = await fetch(`${plan.url}/v1/events`, { method: "POST", headers: { ...headers, "content-type": "application/cloudevents-batch+json" }, body: batch });
if (answer.status !== 202) failures.push(`${answer.status} ${await answer.text()}`);
settle(failures);
