import fastifyStatic from "@fastify/static";
import type { FastifyInstance, FastifyReply } from "fastify";

const PUBLIC = { config: { public: true }, schema: { hide: true } } as const;
/** A year, ms. The names of built assets change with their content. */
const FOR_EVER_MS = 31_536_000_000;

/** The built pages: the operator's at /, the officer's at /officer. They need no session: they hold no data. */
export async function staticPages(app: FastifyInstance, webRoot: string): Promise<void> {
  await app.register(fastifyStatic, { root: webRoot, serve: false });

  for (const [url, file] of [
    ["/", "index.html"],
    ["/officer", "officer.html"],
  ] as const)
    app.get(url, PUBLIC, (_request, reply) => asNew(reply).sendFile(file, { cacheControl: false }));

  app.get<{ Params: { "*": string } }>("/*", PUBLIC, (request, reply) => {
    const path = request.params["*"];
    return path.startsWith("assets/")
      ? reply.sendFile(path, { maxAge: FOR_EVER_MS, immutable: true })
      : asNew(reply).sendFile(path, { cacheControl: false });
  });
}

/** To be asked for again every time; unchanged it is answered 304. */
const asNew = (reply: FastifyReply): FastifyReply => reply.header("cache-control", "no-cache");
