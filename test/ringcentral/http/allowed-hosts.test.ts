import { expect, test } from "vitest";
import { isAllowed, isLoopback } from "../../../shared/ringcentral/http/allowed-hosts.ts";

const production = "https://platform.ringcentral.com";

test.each([
  [production, "https://platform.ringcentral.com/restapi/v1.0/account/~"],
  [production, "https://media.ringcentral.com/restapi/v1.0/account/1/recording/2/content"],
  [production, "https://platform.ringcentral.com:443/"],
  [production, "https://media.ringcentral.com:443/"],
  ["https://platform.ringcentral.biz", "https://media.ringcentral.biz/x"],
  ["https://platform.devtest.ringcentral.com", "https://media.devtest.ringcentral.com/x"],
  ["http://127.0.0.1:4000", "http://127.0.0.1:4001/x"],
  ["http://localhost:4000", "http://localhost:4001/x"],
])("a token for %s may go to %s", (server, url) => {
  expect(isAllowed(new URL(url), server)).toBe(true);
});

test.each([
  [production, "https://evil.example.com/"],
  [production, "https://ringcentral.com/"],
  [production, "https://service.ringcentral.com/"],
  [production, "https://media.ringcentral.com.evil.example.com/"],
  [production, "https://evilmedia.ringcentral.com/"],
  [production, "https://media.ringcentral.biz/"],
  [production, "http://platform.ringcentral.com/"],
  [production, "http://media.ringcentral.com/"],
  [production, "https://media.ringcentral.com:8443/"],
  [production, "https://platform.ringcentral.com:8443/"],
  [production, "https://user@platform.ringcentral.com/"],
  [production, "https://user@media.ringcentral.com/"],
  [production, "https://:password@media.ringcentral.com/"],
  [production, "https://media.ringcentral.com@evil.example.com/"],
  [production, "https://127.0.0.1/"],
  [production, "ftp://media.ringcentral.com/"],
  [production, "data:text/plain,media.ringcentral.com"],
  ["https://api.example.com", "https://media.example.com/"],
  ["http://127.0.0.1:4000", "http://localhost:4001/"],
  ["http://127.0.0.1:4000", "http://127.0.0.2:4001/"],
  ["http://127.0.0.1:4000", "https://127.0.0.1:4001/"],
  ["http://localhost:4000", "http://localhost.evil.example.com/"],
])("a token for %s may not go to %s", (server, url) => {
  expect(isAllowed(new URL(url), server)).toBe(false);
});

test.each([
  ["localhost", true],
  ["127.0.0.1", true],
  ["127.255.0.3", true],
  ["[::1]", true],
  ["127.0.0.1.example.com", false],
  ["128.0.0.1", false],
  ["localhost.example.com", false],
  ["0.0.0.0", false],
  ["", false],
])("%j is a loopback address: %s", (hostname, expected) => {
  expect(isLoopback(hostname)).toBe(expected);
});
