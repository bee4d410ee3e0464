import { fitText } from "../core/fit-text.ts";
import type { OutboundMessage } from "../core/render-message.ts";
import { post } from "./post.ts";
import { robotAnswer } from "./robot-answer.ts";

/** Bytes of a text. developer.work.weixin.qq.com/document/path/91770 */
const TEXT_LIMIT_BYTES = 2048;
/** -1: busy; 45009: more than 20 messages a minute. developer.work.weixin.qq.com/document/path/90313 */
const BUSY = [-1, 45_009];

/** A group robot of WeCom (企业微信群机器人): text, calling people by phone number. */
export function wecomRobot({ url, timeoutMs }: { readonly url: string; readonly timeoutMs: number }) {
  return async (message: OutboundMessage): Promise<string> => {
    const content = fitText(message, TEXT_LIMIT_BYTES);
    const mobiles = message.mentions.map(({ phone }) => phone);
    const body = JSON.stringify({ msgtype: "text", text: { content, mentioned_mobile_list: mobiles } });
    const headers = { "content-type": "application/json" };
    return robotAnswer(await post({ url, headers, body, timeoutMs }), BUSY);
  };
}
