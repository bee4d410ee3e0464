import { expect, test } from "vitest";
import { isPushAddress } from "./push-address.ts";

const HOSTS = ["fcm.googleapis.com", "*.push.apple.com", "127.0.0.1:8443"];

test.each([
  ["a push service that is named", "https://fcm.googleapis.com/fcm/send/abc", true],
  ["one below a name", "https://web.push.apple.com/QABC", true],
  ["one with its port", "https://127.0.0.1:8443/x", true],
  ["another port of it", "https://127.0.0.1:22/x", false],
  ["without TLS", "http://fcm.googleapis.com/x", false],
  ["an address inside", "https://169.254.169.254/latest", false],
  ["a name that only ends alike", "https://evilpush.apple.com.example/", false],
  ["a name that only ends alike, without the dot", "https://xpush.apple.com/", false],
  ["a name in front of another host", "https://fcm.googleapis.com@evil.example/", false],
  ["a password", "https://user:pass@fcm.googleapis.com/", false],
  ["nothing", "", false],
])("%s", (_what, endpoint, allowed) => {
  expect(isPushAddress(endpoint, HOSTS)).toBe(allowed);
});
