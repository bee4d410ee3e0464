import { createHmac } from "node:crypto";
import { fitText } from "../core/fit-text.ts";
import type { OutboundMessage } from "../core/render-message.ts";
import type { DingtalkRobotOptions } from "./dingtalk-robot.ts";
import { post } from "./post.ts";
import { robotAnswer } from "./robot-answer.ts";

/** Bytes of a request are limited to 20 KB. open.feishu.cn, 自定义机器人使用指南 */
const TEXT_LIMIT_BYTES = 10_000;
/** 9499: too many requests; 11232: more than 100 a minute or 5 a second. open.feishu.cn, 自定义机器人使用指南 */
const BUSY = [9499, 11_232];

/** A group robot of Feishu (飞书自定义机器人): text. It calls nobody: its mentions need ids that only Feishu knows, so
 *  the names are in the text. */
export function feishuRobot({ url, secret, timeoutMs, wall }: DingtalkRobotOptions) {
  return async (message: OutboundMessage): Promise<string> => {
    const names = message.mentions.map(({ name }) => `@${name}`).join(" ");
    const text = [fitText(message, TEXT_LIMIT_BYTES), ...(names === "" ? [] : [names])].join("\n");
    const signature = secret === null ? {} : sign(secret, Math.floor(wall() / 1000));
    const body = JSON.stringify({ ...signature, msg_type: "text", content: { text } });
    const headers = { "content-type": "application/json; charset=utf-8" };
    return robotAnswer(await post({ url, headers, body, timeoutMs }), BUSY);
  };
}

/** timestamp in s, sign = Base64(HMAC-SHA256(timestamp "\n" secret, "")): here the key is what DingTalk signs. */
function sign(secret: string, timestamp: number): { timestamp: string; sign: string } {
  const key = `${timestamp}\n${secret}`;
  return { timestamp: String(timestamp), sign: createHmac("sha256", key).update("").digest("base64") };
}
