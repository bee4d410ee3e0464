import { Rejected } from "@hotgrid/runtime";
import { fitText } from "../core/fit-text.ts";
import type { OutboundMessage } from "../core/render-message.ts";
import { post } from "./post.ts";

/** How a provider wants it: {{phone}}, {{text}}, {{id}} and the names of the secrets are filled in. */
interface SmsTemplate {
  readonly method: "POST" | "GET" | "PUT";
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** What a good answer contains; null: any 2xx is one. */
  readonly goodAnswer: string | null;
}

export interface SmsGatewayOptions {
  readonly template: SmsTemplate;
  readonly secrets: Readonly<Record<string, string>>;
  readonly textLimitBytes: number;
  readonly timeoutMs: number;
}

type Escape = (value: string) => string;
const asJson: Escape = (value) => JSON.stringify(value).slice(1, -1);
/** A header takes no line break (RFC 9110 5.5). */
const asHeader: Escape = (value) => value.replaceAll(/[\r\n]+/g, " ");

/** Short messages through the HTTP interface of any provider. What is filled in is escaped for where it stands: URL,
 *  header, JSON or form. */
export function smsGateway({ template, secrets, textLimitBytes, timeoutMs }: SmsGatewayOptions) {
  const type = Object.entries(template.headers).find(([name]) => name.toLowerCase() === "content-type")?.[1] ?? "";
  const inBody = type.includes("json") ? asJson : encodeURIComponent;
  return async (message: OutboundMessage): Promise<string> => {
    const values = { ...secrets, phone: message.address, text: fitText(message, textLimitBytes), id: message.id };
    const headers = Object.fromEntries(
      Object.entries(template.headers).map(([name, value]) => [name, fill(value, values, asHeader)]),
    );
    const url = fill(template.url, values, encodeURIComponent);
    const body = fill(template.body, values, inBody);
    const answer = await post({ method: template.method, url, headers, body, timeoutMs });
    if (template.goodAnswer === null || answer.includes(template.goodAnswer)) return "2xx";
    const said = hidden(answer, secrets).slice(0, 200);
    throw new Rejected("refused", { zh: `短信网关拒绝：${said}`, en: `the SMS gateway refused it: ${said}` });
  };
}

const fill = (template: string, values: Readonly<Record<string, string>>, encode: Escape): string =>
  template.replaceAll(/\{\{(\w+)\}\}/g, (_whole, name: string) => encode(values[name] ?? ""));

/** A gateway that echoes its key must not bring it into our log. */
const hidden = (text: string, secrets: Readonly<Record<string, string>>): string =>
  Object.values(secrets).reduce((shown, secret) => (secret === "" ? shown : shown.replaceAll(secret, "***")), text);
