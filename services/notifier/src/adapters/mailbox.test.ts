import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Rejected, Unavailable } from "@hotgrid/runtime";
import { SMTPServer, type SMTPServerOptions } from "smtp-server";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { OutboundMessage } from "../core/render-message.ts";
import { type MailboxOptions, mailbox } from "./mailbox.ts";

const PASSWORD = "super-secret-password";
const MESSAGE: OutboundMessage = {
  ...{ id: "m1", receiver: "mail", address: "", at: 0, title: "【热点网格】新工单 红色\r\nBcc: evil@x.test" },
  ...{ lines: ["塔山街道一村 PM2.5 局地热点", "工单 T1"], mentions: [], news: [] },
};

let folder: string;
let key: string;
let cert: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "hotgrid-mail-"));
  const [keyFile, certFile] = [join(folder, "key.pem"), join(folder, "cert.pem")];
  const names = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"];
  const made = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", ...names];
  execFileSync("openssl", [...made, "-keyout", keyFile, "-out", certFile], { stdio: "pipe" });
  [key, cert] = [readFileSync(keyFile, "utf8"), readFileSync(certFile, "utf8")];
});
afterAll(() => rmSync(folder, { recursive: true }));

interface Mail {
  readonly to: readonly string[];
  readonly user: string | undefined;
  readonly secure: boolean;
  readonly text: string;
}
let server: SMTPServer | undefined;
afterEach(async () => {
  await new Promise<void>((done) => (server === undefined ? done() : server.close(done)));
  server = undefined;
});

/** A real mail server on a free port; resolves with its port and what it takes. */
async function serve(options: SMTPServerOptions = {}): Promise<{ port: number; mails: Mail[] }> {
  const mails: Mail[] = [];
  const running = new SMTPServer({
    ...{ key, cert, authOptional: true },
    onAuth: ({ username, password }, _session, callback) =>
      password === PASSWORD ? callback(null, { user: username }) : callback(new Error(`no such password: ${password}`)),
    async onData(stream, session, callback) {
      const chunks: Buffer[] = [];
      for await (const chunk of stream) chunks.push(chunk);
      const to = session.envelope.rcptTo.map(({ address }) => address);
      mails.push({ to, user: session.user, secure: session.secure, text: Buffer.concat(chunks).toString("utf8") });
      callback();
    },
    ...options,
  });
  running.on("error", () => undefined);
  server = running;
  await new Promise<void>((listening) => running.listen(0, "127.0.0.1", listening));
  return { port: (running.server.address() as AddressInfo).port, mails };
}

function open(port: number, changes: Partial<MailboxOptions> = {}) {
  const login = { user: "hotgrid", password: PASSWORD };
  const from = "热点网格 <hotgrid@city.test>";
  const common = { host: "localhost", port, ca: cert, login, from, to: ["duty@city.test", "chief@city.test"] };
  return mailbox({ ...common, encryption: "starttls", timeoutMs: 30_000, ...changes });
}
const failureOf = (sending: Promise<unknown>): Promise<unknown> =>
  sending.then(
    () => null,
    (error: unknown) => error,
  );

test("a mail reaches everybody, encrypted and logged in, with an id of its own and no header smuggled in", async () => {
  const { port, mails } = await serve();
  const box = open(port);
  await box.send(MESSAGE);
  await box.send(MESSAGE);
  expect(mails).toMatchObject([
    { to: ["duty@city.test", "chief@city.test"], user: "hotgrid", secure: true },
    { to: ["duty@city.test", "chief@city.test"] },
  ]);
  expect(mails[0]?.text).toContain("Message-ID: <m1@city.test>");
  expect(mails[1]?.text).toContain("Message-ID: <m1@city.test>");
  expect(mails[0]?.text).not.toMatch(/^Bcc:/m);
  box.close();
});

test("the text is Chinese at the other end", async () => {
  const { port, mails } = await serve();
  await open(port).send(MESSAGE);
  const [, body = ""] = mails[0]?.text.split("\r\n\r\n") ?? [];
  const decoded = /base64/.test(mails[0]?.text ?? "") ? Buffer.from(body, "base64").toString() : unquoted(body);
  expect(decoded).toContain("塔山街道一村 PM2.5 局地热点");
});

const unquoted = (text: string): string =>
  Buffer.from(
    text
      .replaceAll("=\r\n", "")
      .replaceAll(/=([0-9A-F]{2})/g, (_all, hex) => String.fromCharCode(Number.parseInt(hex, 16))),
    "latin1",
  ).toString("utf8");

test("TLS from the first byte", async () => {
  const { port, mails } = await serve({ secure: true });
  await open(port, { encryption: "tls" }).send(MESSAGE);
  expect(mails).toMatchObject([{ secure: true }]);
});

test("without STARTTLS nothing is sent in the clear, nor to a server whose certificate nobody vouches for", async () => {
  const { port, mails } = await serve({ hideSTARTTLS: true, disabledCommands: ["STARTTLS"] });
  expect(await failureOf(open(port).send(MESSAGE))).toBeInstanceOf(Unavailable);
  const other = await serve();
  expect(await failureOf(open(other.port, { ca: null }).send(MESSAGE))).toBeInstanceOf(Unavailable);
  expect([mails, other.mails]).toEqual([[], []]);
});

test("a wrong password may be corrected, and is not shown", async () => {
  const { port } = await serve();
  const failure = await failureOf(open(port, { login: { user: "hotgrid", password: "wrong-secret" } }).send(MESSAGE));
  expect(failure).toBeInstanceOf(Unavailable);
  expect(String(failure)).not.toContain("wrong-secret");
});

test.each([
  [550, Rejected],
  [451, Unavailable],
] as const)("a server's %i is %o", async (responseCode, kindOfError) => {
  const refusal = Object.assign(new Error("no"), { responseCode });
  const { port } = await serve({ onRcptTo: (_address, _session, callback) => callback(refusal) });
  const failure = await failureOf(open(port).send(MESSAGE));
  expect(failure).toBeInstanceOf(kindOfError);
});

test("a server that is gone is tried later", async () => {
  const { port } = await serve();
  await new Promise<void>((done) => server?.close(done));
  server = undefined;
  expect(await failureOf(open(port).send(MESSAGE))).toBeInstanceOf(Unavailable);
});
