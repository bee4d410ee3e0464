import { Rejected, Unavailable } from "@hotgrid/runtime";
import { z } from "zod";

/** Code and text of an answer, under the names that the three robots use. */
const Answer = z.object({
  errcode: z.number().optional(),
  code: z.number().optional(),
  StatusCode: z.number().optional(),
  errmsg: z.string().optional(),
  msg: z.string().optional(),
  StatusMessage: z.string().optional(),
});

/** A robot says "200" to everything and means its code. Throws Unavailable for the codes in `busy`, Rejected for others
 *  but 0, and for an answer that is none. */
export function robotAnswer(text: string, busy: readonly number[]): string {
  const answer = Answer.safeParse(parse(text)).data;
  const code = answer?.errcode ?? answer?.code ?? answer?.StatusCode;
  if (code === 0) return "0";
  const said = `${code ?? "no code"} ${answer?.errmsg ?? answer?.msg ?? answer?.StatusMessage ?? ""}`
    .trim()
    .slice(0, 200);
  if (code !== undefined && busy.includes(code)) throw new Unavailable(`the robot is busy: ${said}`);
  throw new Rejected("refused", { zh: `机器人拒绝：${said}`, en: `the robot refused it: ${said}` });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return null;
  }
}
