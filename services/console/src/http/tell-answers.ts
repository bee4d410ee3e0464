import type { FastifyInstance } from "fastify";
import type { Answered } from "../console-dependencies.ts";

/** Tells of each answer of the routes that are added after this. */
export function tellAnswers(app: FastifyInstance, onAnswer: (answer: Answered) => void): void {
  app.addHook("onResponse", async ({ routeOptions }, { statusCode: status, elapsedTime }) => {
    onAnswer({ route: routeOptions.url ?? "", status, seconds: elapsedTime / 1000 });
  });
}
