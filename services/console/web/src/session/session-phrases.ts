import type { Dictionary } from "../language/dictionary.ts";

/** Of the login's second step, one-time codes and the single sign-on, on both pages. */
export const sessionPhrases = {
  "code.title": { zh: "动态口令", en: "One-time code" },
  "code.hint": {
    zh: "打开手机上的身份验证器，输入六位口令；手机不在身边时输入一个恢复码",
    en: "Open the authenticator app and enter its six digits; without the phone enter a recovery code",
  },
  "code.label": { zh: "口令或恢复码", en: "Code or recovery code" },
  "code.six": { zh: "身份验证器上的六位口令", en: "Six digits of the app" },
  "code.submit": { zh: "继续", en: "Continue" },
  "code.giveUp": { zh: "换一个账号", en: "Another account" },

  "totp.title": { zh: "登录保护", en: "Login protection" },
  "totp.off": { zh: "动态口令未启用：只凭密码即可登录", en: "One-time codes are off: the password alone is enough" },
  "totp.on": { zh: "动态口令已启用，剩余恢复码 {n} 个", en: "One-time codes are on; {n} recovery codes left" },
  "totp.required": { zh: "您的角色必须使用动态口令才能登录", en: "Your role has to log in with one-time codes" },
  "totp.begin": { zh: "启用动态口令", en: "Turn one-time codes on" },
  "totp.scan": {
    zh: "用手机上的身份验证器（如微信小程序“腾讯身份验证器”、Google Authenticator）扫描此码",
    en: "Scan this with an authenticator app",
  },
  "totp.qr": { zh: "绑定用二维码", en: "QR code of the enrolment" },
  "totp.secret": { zh: "不能扫描时手工输入此密钥", en: "Where nothing can be scanned, type this key" },
  "totp.onThisPhone": { zh: "在这部手机上打开身份验证器", en: "Open the app on this phone" },
  "totp.confirm": { zh: "确认绑定", en: "Confirm" },
  "totp.codes": {
    zh: "恢复码：抄写或打印后妥善保管，仅显示这一次；每个只能用一次",
    en: "Recovery codes: write them down or print them now, they are shown this once; each is good for one login",
  },
  "totp.kept": { zh: "我已保存", en: "I have kept them" },
  "totp.disable": { zh: "停用动态口令", en: "Turn one-time codes off" },
  "totp.password": { zh: "密码", en: "Password" },
  "totp.open": { zh: "登录保护", en: "Security" },
  close: { zh: "关闭", en: "Close" },

  "signOn.unavailable": {
    zh: "统一身份认证暂时没有响应，请稍后再试，或用账号密码登录",
    en: "The single sign-on does not answer. Try again later, or log in with account and password",
  },
  "signOn.refused": {
    zh: "统一身份认证没有放行，或您中途取消了",
    en: "The single sign-on said no, or you gave up there",
  },
  "signOn.expired": {
    zh: "这次登录已超时或已用过，请重新开始",
    en: "That login took too long or was used before. Begin again",
  },
  "signOn.failed": {
    zh: "统一身份认证返回的内容不可信，已记录，请联系管理员",
    en: "What the single sign-on sent back can't be trusted. It was logged; tell an administrator",
  },
  "signOn.unknown-account": {
    zh: "身份已确认，但本系统没有您的账号，请联系管理员开通",
    en: "You are known, but have no account here. Ask an administrator for one",
  },
  "signOn.ambiguous": {
    zh: "您的人员编号对应多个账号，请联系管理员",
    en: "Several accounts belong to you. Tell an administrator",
  },
  "signOn.disabled": { zh: "您的账号已停用，请联系管理员", en: "Your account is disabled. Ask an administrator" },
  "signOn.no-grant": {
    zh: "您已不在有权使用本系统的单位或岗位，请联系管理员",
    en: "Your groups give you no right here any more. Ask an administrator",
  },
} as const satisfies Dictionary;
