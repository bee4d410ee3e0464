import { createHmac } from "node:crypto";
import { fitText } from "../core/fit-text.ts";
import type { OutboundMessage } from "../core/render-message.ts";
import { post } from "./post.ts";
import { robotAnswer } from "./robot-answer.ts";

/** Bytes of a message. open.dingtalk.com, 自定义机器人接入 */
const TEXT_LIMIT_BYTES = 20_000 / 2;
/** -1: busy; 130101: more than 20 messages a minute. open.dingtalk.com, 全局错误码 */
const BUSY = [-1, 130_101];

export interface DingtalkRobotOptions {
  readonly url: string;
  /** Of 加签; null: the robot is secured otherwise (by key word or address). */
  readonly secret: string | null;
  readonly timeoutMs: number;
  /** The wall's time, epoch ms, whatever a demo's clock says: a signature is good for an hour. */
  readonly wall: () => number;
}

/** A group robot of DingTalk (钉钉自定义机器人): text, calling people by phone number. */
export function dingtalkRobot({ url, secret, timeoutMs, wall }: DingtalkRobotOptions) {
  return async (message: OutboundMessage): Promise<string> => {
    const atMobiles = message.mentions.map(({ phone }) => phone);
    const text = { content: withCalls(fitText(message, TEXT_LIMIT_BYTES), atMobiles) };
    const body = JSON.stringify({ msgtype: "text", text, at: { atMobiles, isAtAll: false } });
    const target = secret === null ? url : signedUrl(url, secret, wall());
    const headers = { "content-type": "application/json; charset=utf-8" };
    return robotAnswer(await post({ url: target, headers, body, timeoutMs }), BUSY);
  };
}

/** Only a number that is also in the text is called. */
const withCalls = (text: string, mobiles: readonly string[]): string =>
  mobiles.length === 0 ? text : `${text}\n${mobiles.map((mobile) => `@${mobile}`).join(" ")}`;

/** timestamp in ms, sign = Base64(HMAC-SHA256(secret, timestamp "\n" secret)). open.dingtalk.com, 自定义机器人安全设置 */
function signedUrl(url: string, secret: string, timestamp: number): string {
  const sign = createHmac("sha256", secret).update(`${timestamp}\n${secret}`).digest("base64");
  const signed = new URL(url);
  signed.searchParams.set("timestamp", String(timestamp));
  signed.searchParams.set("sign", sign);
  return signed.href;
}
