import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";
import { commandsTopic, PAYLOAD_LIMIT_BYTES } from "@hotgrid/contracts";
import { type Clock, type Log, Unavailable } from "@hotgrid/runtime";
import { Aedes, type AuthenticateError, type Client, type ConnectPacket, type PublishPacket } from "aedes";
import { authenticate } from "./authenticate.ts";
import type { FrameGuard } from "./core/frame-guard.ts";
import { TokenBuckets } from "./core/token-bucket.ts";
import { maySubscribe } from "./core/topic-access.ts";
import type { Counts, RefusalReason } from "./gateway-counters.ts";
import { guardSocket } from "./guard-socket.ts";
import type { GatewayLimits } from "./limits.ts";
import type { LogGatherer } from "./log-gatherer.ts";
import { endOversize } from "./oversize-ending.ts";
import type { StationDirectory } from "./ports.ts";
import type { PublishHandler } from "./publish-handler.ts";
import { PublishRouter } from "./publish-router.ts";
import { StationCommand } from "./station-command.ts";
import { StationPresence } from "./station-presence.ts";
import { StationSession } from "./station-session.ts";

export interface BrokerNeeds {
  readonly stations: StationDirectory;
  readonly gatherer: LogGatherer;
  readonly handler: PublishHandler;
  readonly counts: Counts;
  readonly limits: GatewayLimits;
  readonly clock: Clock;
  readonly log: Log;
}

/** What the guard lets through to the parser. A PUBLISH may be as long as its payload, with a topic of 256 bytes, their
 *  lengths and a packet id; a CONNECT or SUBSCRIBE of an honest station has some hundred bytes. Ours. */
const FRAME_LIMITS = { publishBytes: PAYLOAD_LIMIT_BYTES + 260, controlBytes: 16 * 1024, headBytes: 4096 };
/** TCP's own question whether the other side is there, for clients without keep-alive, ms. Ours. */
const TCP_KEEPALIVE_MS = 60_000;
/** QoS 2 publishes of one connection that may wait for their PUBREL. Ours: stations use QoS 0 or 1. */
const QOS2_WINDOW = 20;

/** MQTT 3.1 and 3.1.1 for stations. Each connection is one station; what it publishes goes to the log. */
export class StationBroker {
  readonly #needs: BrokerNeeds;
  readonly #router: PublishRouter;
  readonly #server: Server;
  readonly #connects: TokenBuckets;
  readonly #badPasswords: TokenBuckets;
  readonly #sessions = new WeakMap<Client, StationSession>();
  readonly #presence: StationPresence;
  /** All that are open, those without a CONNECT included. */
  readonly #sockets = new Set<Socket>();
  #aedes: Aedes | undefined;
  #closed: Promise<unknown> | undefined;

  constructor(needs: BrokerNeeds) {
    this.#needs = needs;
    this.#presence = new StationPresence(needs.gatherer, needs.clock, needs.counts);
    this.#router = new PublishRouter(needs);
    this.#connects = new TokenBuckets(needs.limits.connects);
    this.#badPasswords = new TokenBuckets(needs.limits.badPasswords);
    this.#server = createServer((socket) => this.#accept(socket));
    this.#server.maxConnections = needs.limits.maxConnections;
    this.#server.on("drop", () => needs.counts.refuse("max-connections"));
  }

  /** Returns the port. */
  async listen(port: number, host: string): Promise<number> {
    const broker = await Aedes.createBroker({
      connectTimeout: this.#needs.limits.handshakeMs,
      maxClientsIdLength: 64,
      maxTopicLevels: 10,
      maxInflightInbound: QOS2_WINDOW,
      preConnect: (client, packet, answer) => this.#preConnect(client, packet, answer),
      authenticate: (client, username, password, answer) => this.#authenticate(client, username, password, answer),
      authorizePublish: (client, packet, answer) => {
        if (client) this.#router.route(this.#session(client), client, packet, answer);
        else answer(null);
      },
      authorizeSubscribe: (client, subscription, answer) => {
        if (maySubscribe(client.id, subscription.topic)) return answer(null, subscription);
        this.#refuse(this.#session(client), "foreign-subscription");
        answer(new Error("a station subscribes to its own topics, by name"));
      },
    });
    broker.on("client", (client) => this.#presence.arrived(this.#session(client)));
    broker.on("clientDisconnect", (client) => this.#presence.gone(this.#session(client)));
    broker.on("keepaliveTimeout", (client) => this.#unheard(this.#session(client)));
    broker.on("clientError", (client, error) => this.#failed(this.#session(client), error));
    broker.on("connectionError", (client, error) => this.#failed(this.#session(client), error));
    this.#routeOnlyToSubscribers(broker);
    this.#aedes = broker;
    this.#server.listen(port, host);
    await once(this.#server, "listening");
    const address = this.#server.address();
    return typeof address === "object" && address !== null ? address.port : port;
  }

  /** Readings end in the log: the broker must neither retain them nor look for subscribers, for each of them. */
  #routeOnlyToSubscribers(broker: Aedes): void {
    type Route = (packet: PublishPacket, client: unknown, done?: () => void) => void;
    const route = broker.publish.bind(broker) as Route;
    const onlyToSubscribers: Route = (packet, client, done) => {
      const fromStation = typeof client === "object" && client !== null;
      if (!fromStation || this.#router.isForSubscribers(packet)) route(packet, client, done);
      else done?.();
    };
    broker.publish = onlyToSubscribers as Aedes["publish"];
  }

  #session(client: Client): StationSession {
    const session = this.#sessions.get(client);
    if (!session) throw new Error("a client without a connection");
    return session;
  }

  #accept(socket: Socket): void {
    const { counts } = this.#needs;
    const session = new StationSession(socket);
    if (this.#connects.take(session.address, 1, performance.now()) === undefined) {
      counts.refuse("connect-rate");
      socket.destroy();
      return;
    }
    this.#sockets.add(socket);
    socket.once("close", () => this.#sockets.delete(socket));
    socket.setNoDelay(true);
    socket.setKeepAlive(true, TCP_KEEPALIVE_MS);
    session.guard = guardSocket(socket, FRAME_LIMITS, {
      onBytes: (guard) => this.#watch(session, guard),
      takeFirst: (bytes) => this.#router.routeBurst(session, bytes),
    });
    const client = this.#aedes?.handle(socket);
    session.client = client;
    if (client) this.#sessions.set(client, session);
    else socket.destroy();
  }

  #watch(session: StationSession, guard: FrameGuard): void {
    if (guard.fault && this.#refuse(session, guard.fault)) session.socket.destroy();
    const { oversize } = guard;
    if (!oversize) return;
    if (oversize.known && !session.oversizeEnded) {
      endOversize(session, oversize, this.#needs.handler, this.#needs.counts);
    }
    if (oversize.ended) session.oversizeEnded?.resolve();
  }

  #preConnect(client: Client, packet: ConnectPacket, answer: (error: Error | null, go: boolean) => void): void {
    const session = this.#session(client);
    // The broker itself answers "unacceptable protocol version" (return code 1) and closes.
    if (packet.protocolVersion === 5) this.#refuse(session, "mqtt-5");
    const { will } = packet;
    if (will) {
      session.will = { topic: will.topic, payloadBytes: will.payload.length };
      // A copy: the slice would keep the whole CONNECT.
      will.payload = Buffer.from(will.payload);
    }
    session.forgetPassword = () => {
      delete packet.password;
    };
    answer(null, true);
  }

  #authenticate(
    client: Client,
    username: string | undefined,
    password: Buffer | undefined,
    answer: (error: AuthenticateError | null, success: boolean | null) => void,
  ): void {
    const session = this.#session(client);
    session.forgetPassword?.();
    session.forgetPassword = undefined;
    const { stations, log } = this.#needs;
    const admission = authenticate(stations, { clientId: client.id, username, password, will: session.will });
    if ("station" in admission) {
      session.station = admission.station;
      session.secretHash = admission.secretHash;
      this.#presence.takeOver(client.id);
      answer(null, true);
      return;
    }
    const { reason, returnCode } = admission;
    log.warn({ clientId: client.id.slice(0, 64), address: session.address, reason }, "connection refused");
    if (this.#badPasswords.take(session.address, 1, performance.now()) === undefined) {
      this.#refuse(session, "bad-password-rate");
      session.socket.destroy();
      return;
    }
    this.#refuse(session, reason);
    answer(Object.assign(new Error(reason), { returnCode }), null);
  }

  #refuse(session: StationSession, reason: RefusalReason): boolean {
    const first = session.end(reason);
    if (first) this.#needs.counts.refuse(reason);
    return first;
  }

  /** Where a batch of publishes waits for the log the broker reads no further: what the station has said since is unread,
   *  and its silence is the gateway's. */
  #unheard(session: StationSession): void {
    const unread = session.socket.readableLength > 0;
    if (unread && this.#needs.gatherer.isUnavailable) this.#refuse(session, "log-unavailable");
    else session.end("keepalive-timeout");
  }

  #failed(session: StationSession, error: Error): void {
    if (session.ended || "code" in error) return;
    // The broker's own words for its connectTimeout; a test holds them.
    const late = error.message === "connect did not arrive in time";
    this.#refuse(session, late ? "handshake-timeout" : "protocol-error");
    this.#needs.log.info({ stationId: session.station?.id, err: error }, "connection ended for its fault");
  }

  /** Sends a command to a connected station (QoS 1); returns the id that its answer carries. Throws Unavailable where
   *  the station is not connected. */
  async sendCommand(stationId: string, command: StationCommand): Promise<string> {
    const broker = this.#aedes;
    if (!broker || !this.#presence.has(stationId)) throw new Unavailable(`station ${stationId} is not connected`);
    const id = randomUUID();
    const payload = Buffer.from(JSON.stringify({ id, ...StationCommand.parse(command) }));
    const packet: PublishPacket = {
      cmd: "publish",
      topic: commandsTopic(stationId),
      payload,
      qos: 1,
      dup: false,
      retain: false,
    };
    await new Promise<void>((resolve, reject) =>
      broker.publish(packet, (error) => (error ? reject(new Unavailable("not sent", { cause: error })) : resolve())),
    );
    return id;
  }

  refuseNew(): void {
    this.#closed = once(this.#server, "close");
    this.#server.close();
  }

  /** Ends every connection. */
  async close(): Promise<void> {
    this.#presence.stopping();
    await new Promise<void>((resolve) => (this.#aedes ? this.#aedes.close(resolve) : resolve()));
    for (const socket of this.#sockets) socket.destroy();
    await this.#closed;
  }
}
