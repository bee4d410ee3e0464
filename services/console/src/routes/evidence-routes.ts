import { randomUUID } from "node:crypto";
import multipart from "@fastify/multipart";
import { EVIDENCE_LIMIT_BYTES, EvidencePhotoView, page } from "@hotgrid/contracts";
import { Rejected } from "@hotgrid/runtime";
import { allowedActions } from "@hotgrid/tickets";
import type { FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import type { ConsoleContext } from "../console-context.ts";
import { type Photo, readPhoto } from "../evidence/read-photo.ts";
import { takingTurns } from "../evidence/taking-turns.ts";
import type { ConsoleApp } from "../http/console-app.ts";
import { accountOf } from "../http/guard-requests.ts";
import { forbidden, HttpProblem, invalid, notFound } from "../http/http-problem.ts";

/** Photos of one address a minute. Ours: decoding costs a core up to a second. */
const UPLOADS_PER_MINUTE = 30;
const TicketId = z.strictObject({ id: z.string().max(120) });
const PhotoId = z.strictObject({ ...TicketId.shape, photo: z.uuid() });
const tags = ["tickets"];

/** Photos of tickets: who may see the ticket sees them, who may comment on it may add one. */
export function evidenceRoutes(app: ConsoleApp, context: ConsoleContext): void {
  app.register((routes: ConsoleApp, _options, done) => {
    routes.register(multipart);
    listRoute(routes, context);
    addRoute(routes, context);
    pictureRoute(routes, context, "image");
    pictureRoute(routes, context, "thumbnail");
    done();
  });
}

function listRoute(app: ConsoleApp, { evidence, iso, visible }: ConsoleContext): void {
  app.get(
    "/tickets/:id/evidence",
    {
      schema: {
        tags,
        summary: "工单的照片 The ticket's photos",
        params: TicketId,
        response: { 200: page(EvidencePhotoView) },
      },
    },
    async (request) => {
      const ticket = await visible.ticket(accountOf(request), request.params.id);
      if (!ticket) throw notFound();
      const photos = await evidence.list(ticket.id);
      return { items: photos.map((photo) => ({ ...photo, at: iso(photo.at) })), nextCursor: null };
    },
  );
}

function addRoute(app: ConsoleApp, { city, clock, evidence, evidenceFiles, iso, visible }: ConsoleContext): void {
  // One photo at a time is decoded, whoever sends how many: memory and the second core stay free.
  const inTurn = takingTurns();
  app.post(
    "/tickets/:id/evidence",
    {
      config: { upload: true, rateLimit: { max: UPLOADS_PER_MINUTE, timeWindow: "1 minute" } },
      schema: {
        tags,
        summary:
          "添加照片(multipart/form-data,字段 file,JPEG、PNG 或 HEIC) Add a photo: field `file`, JPEG, PNG or HEIC",
        consumes: ["multipart/form-data"],
        params: TicketId,
        response: { 201: EvidencePhotoView },
      },
    },
    async (request, reply) => {
      const account = accountOf(request);
      const ticket = await visible.ticket(account, request.params.id);
      if (!ticket) throw notFound();
      if (!allowedActions(ticket, account).includes("comment")) throw notYours();
      const file = await sentFile(request);
      const { image, thumbnail, ...facts } = await inTurn(() => readPhoto(file, city.utcOffset));
      await keep({ image, thumbnail, ...facts });
      const who = { id: randomUUID(), ticketId: ticket.id, at: clock.now(), by: account.id, byName: account.name };
      const photo = { ...who, ...facts, bytes: image.length };
      const kept = await evidence.add(photo, ticket, request.ip).catch(refuse);
      return reply.code(201).send({ ...kept, at: iso(kept.at) });
    },
  );

  // The files first: a photo that is listed is there.
  const keep = async ({ image, thumbnail, sha256 }: Photo): Promise<void> => {
    await evidenceFiles.put(`${sha256}.jpg`, image);
    await evidenceFiles.put(`${sha256}.thumbnail`, thumbnail);
  };
}

async function sentFile(request: FastifyRequest): Promise<Buffer> {
  if (!request.isMultipart()) throw NOT_MULTIPART();
  const limits = { fileSize: EVIDENCE_LIMIT_BYTES, files: 1, fields: 0, parts: 1, headerPairs: 20 };
  const part = await request.file({ limits });
  if (part?.fieldname !== "file")
    throw invalid("file", { zh: "请在字段 file 中附上照片", en: "Send the photo as the field `file`" });
  const bytes = await part.toBuffer();
  // The plugin looks at its limit with every piece that it gets, and not any more after the last one.
  if (part.file.truncated) throw tooLarge();
  return bytes;
}

function pictureRoute(app: ConsoleApp, context: ConsoleContext, which: "image" | "thumbnail"): void {
  const { evidence, evidenceFiles, visible } = context;
  const extension = which === "image" ? "jpg" : which;
  app.get(
    `/tickets/:id/evidence/:photo/${which}`,
    { schema: { tags, summary: `照片 The picture: ${which}`, params: PhotoId } },
    async (request, reply) => {
      const ticket = await visible.ticket(accountOf(request), request.params.id);
      const photo = ticket && (await evidence.find(ticket.id, request.params.photo));
      if (!photo) throw notFound();
      const picture = await evidenceFiles.get(`${photo.sha256}.${extension}`);
      if (!picture) throw new Error(`the file of photo ${photo.id} is gone`);
      return asPicture(reply).send(Buffer.from(picture));
    },
  );
}

/** What is behind a photo's address never changes; only who may see the ticket may keep it. */
const asPicture = (reply: FastifyReply): FastifyReply =>
  reply.type("image/jpeg").header("cache-control", "private, max-age=86400, immutable");

const notYours = (): HttpProblem =>
  forbidden("not-possible", {
    zh: "只有承办或督办此工单的人可以添加照片,且工单未办结",
    en: "Only who holds or supervises this ticket may add photos, while it is open",
  });

const tooLarge = (): HttpProblem =>
  new HttpProblem({
    status: 413,
    name: "too-large",
    text: { zh: "照片超过 20 MB", en: "The photo is larger than 20 MB" },
    remedy: { zh: "请降低拍摄分辨率后重试", en: "Take it with a lower resolution" },
  });

const NOT_MULTIPART = (): HttpProblem =>
  new HttpProblem({
    status: 415,
    name: "unsupported-media-type",
    text: { zh: "照片须以 multipart/form-data 发送", en: "A photo is sent as multipart/form-data" },
  });

function refuse(error: unknown): never {
  if (!(error instanceof Rejected)) throw error;
  throw new HttpProblem({ status: 409, name: error.reason, text: { zh: error.messageZh, en: error.message } });
}
