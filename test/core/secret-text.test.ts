import { format, inspect } from "node:util";
import { expect, test } from "vitest";
import { SecretText } from "../../shared/core/secret-text.ts";

const value = "do-not-print-me";
const secret = new SecretText(value);

test.each([
  ["a template", () => `${secret}`],
  ["adding texts", () => `a${String(secret)}`],
  ["JSON", () => JSON.stringify({ secret, list: [secret] })],
  ["console.log", () => format("%s %o %O %j %d", secret, secret, secret, secret, secret)],
  ["inspect with all that is hidden", () => inspect({ secret }, { showHidden: true, depth: 9, getters: true })],
  ["its members", () => JSON.stringify([Object.entries(secret), Object.getOwnPropertyNames(secret), { ...secret }])],
  ["a copy", () => JSON.stringify(structuredClone({ ...secret }))],
])("a secret is not printed by %s", (_where, print) => {
  expect(print()).not.toContain(value);
});

test("`reveal` returns the secret", () => {
  expect(secret.reveal()).toBe(value);
});
