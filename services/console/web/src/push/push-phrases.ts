import type { Dictionary } from "../language/dictionary.ts";

/** Of the notifications on an officer's device. */
export const pushPhrases = {
  "push.enable": { zh: "开启提醒", en: "Enable notifications" },
  "push.on": { zh: "此设备已开启提醒", en: "Notifications are on for this device" },
  "push.disable": { zh: "关闭提醒", en: "Turn off" },
  "push.denied": {
    zh: "提醒被浏览器禁止，请在浏览器的网站设置中允许通知",
    en: "The browser blocks notifications. Allow them in its settings for this site",
  },
  "push.unsupported": {
    zh: "此浏览器不支持提醒；iPhone 请先用“添加到主屏幕”再从主屏幕打开",
    en: "This browser can't show notifications. On an iPhone, add this page to the home screen and open it there",
  },
  "push.failed": {
    zh: "没有开启成功：浏览器的推送服务没有响应，请稍后再试",
    en: "It did not work: the browser's push service does not answer. Try again later",
  },
} as const satisfies Dictionary;
