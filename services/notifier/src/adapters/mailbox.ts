import { Rejected, Unavailable } from "@hotgrid/runtime";
import { createTransport } from "nodemailer";
import type { OutboundMessage } from "../core/render-message.ts";
import { Unanswered } from "../ports.ts";

export interface MailboxOptions {
  readonly host: string;
  readonly port: number;
  /** tls: from the first byte (465); starttls: upgraded, or not sent at all (587); none: in the clear. */
  readonly encryption: "tls" | "starttls" | "none";
  /** PEM of the authority that signed the server's certificate; null: those that Node knows. */
  readonly ca: string | null;
  readonly login: { readonly user: string; readonly password: string } | null;
  readonly from: string;
  readonly to: readonly string[];
  readonly timeoutMs: number;
}

/** Mail over SMTP. A second copy has the same Message-ID, which mailboxes show once. */
export function mailbox(options: MailboxOptions) {
  const { host, port, encryption, ca, login, from, to, timeoutMs } = options;
  const transport = createTransport({
    ...{
      host,
      port,
      secure: encryption === "tls",
      requireTLS: encryption === "starttls",
      ignoreTLS: encryption === "none",
    },
    ...(ca !== null && { tls: { ca } }),
    ...(login !== null && { auth: { user: login.user, pass: login.password } }),
    ...{ connectionTimeout: timeoutMs, greetingTimeout: timeoutMs, socketTimeout: timeoutMs, dnsTimeout: timeoutMs },
    // A message names no file and no address of its own to be fetched.
    ...{ disableFileAccess: true, disableUrlAccess: true },
  });
  const domain = from.slice(from.lastIndexOf("@") + 1).replace(/>.*$/, "");
  const send = async ({ id, title, lines }: OutboundMessage): Promise<string> => {
    const text = `${lines.join("\n")}\n`;
    try {
      await transport.sendMail({ from, to: [...to], subject: title, text, messageId: `<${id}@${domain}>` });
      return "250";
    } catch (error) {
      throw failure(error);
    }
  };
  return { send, close: () => transport.close() };
}

/** Codes of nodemailer for a connection that came to nothing, at whatever moment. */
const MAYBE_SENT = ["ETIMEDOUT", "ECONNECTION", "ESOCKET"];

/** Permanent (5yz, RFC 5321 4.2.1) is refused; everything else may pass, also a wrong
 *  password or missing encryption, which somebody will correct. Only codes are shown: a server may repeat what it was sent. */
function failure(error: unknown): Error {
  if (!(error instanceof Error)) throw error;
  const status = "responseCode" in error ? Number(error.responseCode) : 0;
  const code = "code" in error ? String(error.code) : error.name;
  const what = `SMTP ${status || code}`;
  if (MAYBE_SENT.includes(code) && !("syscall" in error && error.syscall === "connect")) return new Unanswered(what);
  if (status < 500 || code === "EAUTH" || code === "ETLS") return new Unavailable(what);
  return new Rejected("refused", { zh: `邮件服务器拒绝：${what}`, en: `the mail server refused it: ${what}` });
}
