import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { z } from "zod";

/** What came in at the bench's receiver. */
interface Delivery {
  /** Epoch ms, with fractions. */
  readonly at: number;
  readonly receiver: "sms" | "platform";
  /** Id of the notifier's message. */
  readonly messageId: string;
}

const Sms = z.object({ ref: z.string() });
const CloudEvent = z.object({ id: z.string() });

export const wallNow = (): number => performance.timeOrigin + performance.now();

export interface MessageEndpoint {
  readonly deliveries: readonly Delivery[];
  /** What a file for `--receivers` holds. */
  readonly receivers: object;
  close(): void;
}

/** A real HTTP endpoint on a free port, that says yes and notes the time: each officer's own phone, and with `platform`
 *  one place that is told of the whole city. */
export async function openMessageEndpoint(platform: boolean): Promise<MessageEndpoint> {
  const deliveries: Delivery[] = [];
  const server = createServer(async (request, response) => {
    const at = wallNow();
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    response.end('{"code":0}');
    const body: unknown = JSON.parse(Buffer.concat(chunks).toString());
    if (request.url === "/sms") deliveries.push({ at, receiver: "sms", messageId: Sms.parse(body).ref });
    else deliveries.push({ at, receiver: "platform", messageId: CloudEvent.parse(body).id });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { deliveries, receivers: receiversAt(url, platform), close: () => server.close().closeAllConnections() };
}

function receiversAt(url: string, platform: boolean): object {
  const common = { division: "330600", allowHttp: true };
  const sms = {
    ...common,
    id: "sms",
    type: "sms",
    audiences: ["officers"],
    url: `${url}/sms`,
    headers: { "content-type": "application/json" },
    body: '{"mobile":"{{phone}}","content":"{{text}}","ref":"{{id}}"}',
    goodAnswer: '"code":0',
  };
  const audiences = ["officers", "supervisors", "notices"];
  const webhook = { ...common, id: "platform", type: "webhook", audiences, url: `${url}/platform` };
  return { receivers: platform ? [sms, webhook] : [sms] };
}
