import { execFileSync } from "node:child_process";
import { createDecipheriv, createECDH, createHash, createPublicKey, hkdfSync, randomBytes, verify } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import type { IncomingHttpHeaders } from "node:http";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { PushPayload, type PushSubscriptionRequest } from "@hotgrid/contracts";

interface Pushed {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** A push service with TLS on a free port, whose certificate this process trusts from now on. */
export class TestPushService {
  readonly received: Pushed[] = [];
  status = 201;
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async open(): Promise<TestPushService> {
    const { key, cert } = certificate();
    setDefaultCACertificates([...getCACertificates("default"), cert]);
    const server = createServer({ key, cert });
    const it = new TestPushService(server);
    server.on("request", async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk);
      it.received.push({ path: request.url ?? "", headers: request.headers, body: Buffer.concat(chunks) });
      response.writeHead(it.status).end();
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return it;
  }

  get host(): string {
    return `localhost:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

function certificate(): { key: string; cert: string } {
  const folder = mkdtempSync(join(tmpdir(), "hotgrid-push-"));
  try {
    const [keyFile, certFile] = [join(folder, "key.pem"), join(folder, "cert.pem")];
    const words = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=localhost";
    const names = ["-addext", "subjectAltName=DNS:localhost", "-keyout", keyFile, "-out", certFile];
    execFileSync("openssl", [...words.split(" "), ...names], { stdio: "pipe" });
    return { key: readFileSync(keyFile, "utf8"), cert: readFileSync(certFile, "utf8") };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** A browser that subscribed: it alone can read what is sent to it. */
export class TestDevice {
  readonly #ecdh = createECDH("prime256v1");
  readonly #auth = randomBytes(16);
  readonly subscription: PushSubscriptionRequest;

  constructor(endpoint: string) {
    const p256dh = this.#ecdh.generateKeys().toString("base64url");
    const keys = { p256dh, auth: this.#auth.toString("base64url") };
    this.subscription = { endpoint, keys, expirationTime: null, language: "zh" };
  }

  /** Of PushSubscriptionStore. */
  get id(): string {
    return createHash("sha256").update(this.subscription.endpoint).digest("hex");
  }

  /** RFC 8188 2.1 and RFC 8291 3.3, written from the standards: the library that encrypts has no part in it. */
  read({ body }: Pushed): PushPayload {
    const [salt, length] = [body.subarray(0, 16), body.readUInt8(20)];
    const sender = body.subarray(21, 21 + length);
    const cipher = body.subarray(21 + length);
    const info = Buffer.concat([Buffer.from("WebPush: info\0"), this.#ecdh.getPublicKey(), sender]);
    const shared = Buffer.from(hkdfSync("sha256", this.#ecdh.computeSecret(sender), this.#auth, info, 32));
    const key = Buffer.from(hkdfSync("sha256", shared, salt, "Content-Encoding: aes128gcm\0", 16));
    const nonce = Buffer.from(hkdfSync("sha256", shared, salt, "Content-Encoding: nonce\0", 12));
    const decipher = createDecipheriv("aes-128-gcm", key, nonce);
    decipher.setAuthTag(cipher.subarray(-16));
    const plain = Buffer.concat([decipher.update(cipher.subarray(0, -16)), decipher.final()]);
    // The record ends with 0x02 and padding.
    return PushPayload.parse(JSON.parse(plain.subarray(0, plain.lastIndexOf(2)).toString("utf8")));
  }
}

/** What our signature says (RFC 8292): checked with the key that came with it. Throws where it is none. */
export function readVapid({ headers }: Pushed): { key: string; claims: { aud: string; exp: number; sub: string } } {
  const [, token = "", key = ""] = /^vapid t=([^,]+), k=(.+)$/.exec(headers.authorization ?? "") ?? [];
  const [head = "", claims = "", signature = ""] = token.split(".");
  const point = Buffer.from(key, "base64url");
  const [x, y] = [point.subarray(1, 33).toString("base64url"), point.subarray(33).toString("base64url")];
  const publicKey = createPublicKey({ key: { kty: "EC", crv: "P-256", x, y }, format: "jwk" });
  const good = verify(
    "sha256",
    Buffer.from(`${head}.${claims}`),
    { key: publicKey, dsaEncoding: "ieee-p1363" },
    Buffer.from(signature, "base64url"),
  );
  if (!good) throw new Error("the signature is not of that key");
  return { key, claims: JSON.parse(Buffer.from(claims, "base64url").toString("utf8")) };
}
