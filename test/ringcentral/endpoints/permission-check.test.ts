import { expect, test } from "vitest";
import { checkPermission } from "../../../shared/ringcentral/endpoints/permission-check.ts";
import type { Client } from "../../../shared/ringcentral/http/client.ts";
import { jobErrorOf, openClient } from "../../support/ringcentral/open-client.ts";

/** Creates a client to which RingCentral responds with `text`. */
const answering = (text: string) =>
  ({ server: "https://platform.example.com", sendText: async () => text }) as unknown as Client;

test("a permission that RingCentral refuses to check is an error, and no answer", async () => {
  const { client } = await openClient();

  expect((await jobErrorOf(checkPermission(client, ""))).code).toBe("API_BAD_REQUEST");
});

test("a permission of the role is granted, and any other is not, both with status 200", async () => {
  const { client } = await openClient({ account: { permissions: ["ReadCallLog"] } });

  expect(await checkPermission(client, "ReadCallLog")).toBe("granted");
  expect(await checkPermission(client, "FullCompanyCallLog")).toBe("not-granted");
});

test.each([
  ['{"successful":true}', "granted"],
  ['{"successful":true,"details":null}', "granted"],
  ['{"successful":true,"details":{"scopes":["Self","AllExtensions"]}}', "granted"],
  ['{"successful":true,"details":{"scopes":["Account"]}}', "granted"],
  ['{"successful":true,"details":{"scopes":["Self"]}}', "narrow"],
  ['{"successful":true,"details":{"scopes":[]}}', "narrow"],
  ['{"successful":false,"details":{"scopes":["Account"]}}', "not-granted"],
  ['{"successful":"yes"}', "unknown"],
  ["{}", "unknown"],
  ["<html>", "unknown"],
])("the response %s means %s", async (response, answer) => {
  expect(await checkPermission(answering(response), "ReadCallLog")).toBe(answer);
});
