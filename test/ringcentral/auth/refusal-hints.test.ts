import { expect, test } from "vitest";
import { refusalHint } from "../../../shared/ringcentral/auth/refusal-hints.ts";

/** The codes that RingCentral documents for its token endpoint (guide: errors; API changelog) or is known to answer. */
const documented = [
  ...[101, 102, 105, 106, 108, 109, 110, 111, 112, 113, 116, 117, 119, 120, 121, 123, 125, 127, 128, 129],
  ...[134, 136, 140, 141, 142, 146, 147, 148, 149, 150, 151, 153, 164, 165, 168],
  ...[210, 213, 232, 236, 250, 251, 270, 345, 347],
].map((number) => `OAU-${number}`);
const byOAuth = ["invalid_client", "invalid_grant", "unauthorized_client", "unsupported_grant_type", "invalid_scope"];

const general = refusalHint("OAU-999");

test.each([...documented, ...byOAuth])("%s has its own hint", (code) => {
  const instruction = refusalHint(code);

  expect(instruction).toMatch(/^[A-Z].{20,}[.!]$/s);
  expect(instruction).not.toBe(general.replace("OAU-999", code));
});

test.each(["OAU-999", "constructor", ""])("an unknown code (%j) has a hint, which names the code", (code) => {
  expect(refusalHint(code)).toBe(general.replace("OAU-999", code));
});

test.each(["OAU-128", "OAU-129", "OAU-149"])(
  "a code about the token (%s) concerns the JWT at the token endpoint",
  (code) => {
    expect(refusalHint(code)).toContain("JWT");
    expect(refusalHint(code)).not.toContain("next run");
  },
);

test("a response without an OAuth error has the hint to check the server", () => {
  const instruction = refusalHint("HTTP_404");

  expect(instruction).toContain("HTTP_404");
  expect(instruction).toContain('"server"');
});
