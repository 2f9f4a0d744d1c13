import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { describe, expect, onTestFinished, test } from "vitest";
import type { Shell } from "../../cli/shell.ts";
import { servedSample } from "../support/audit/sample-archive.ts";
import { loggedIn, nightshift } from "../support/cli/run-nightshift.ts";

const { shared } = servedSample();
const bySample = ["--stack", "sample"];
const jwt = "header.payload.signature";
const credential = { clientId: "an-id", clientSecret: "a-client-secret", jwt };

async function fileWith(content: object | string, mode = 0o600): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), "nightshift-credential-"));
  onTestFinished(() => rm(dir, { recursive: true }));
  const file = join(dir, "rc.json");
  await writeFile(file, typeof content === "string" ? content : JSON.stringify(content));
  await chmod(file, mode);
  return file;
}
const put = (file: string, shell: Partial<Shell> = {}) =>
  nightshift(["credential", "put", file, "--unchecked", ...bySample], loggedIn(shared()), shell);

/** The stored value; undefined if there is none. */
async function stored(): Promise<string | undefined> {
  const client = new SecretsManagerClient(shared().at);
  const get = client.send(new GetSecretValueCommand({ SecretId: "credential" }));
  const { SecretString } = await get.catch(() => ({ SecretString: undefined }));
  client.destroy();
  return SecretString;
}

describe("nightshift credential put stores nothing", () => {
  test("without a file and a stack", async () => {
    const { status, err } = await nightshift(["credential", "put"], {});

    expect([status, err.split("\n")[0]]).toEqual([
      2,
      "REQUEST_INVALID: the file is missing: its name, or - for standard input; --stack is missing",
    ]);
  });

  test("if the file cannot be read", async () => {
    const { status, err } = await put("./nowhere.json");

    expect([status, err.split("\n")[0]]).toEqual([
      2,
      "REQUEST_INVALID: The file ./nowhere.json cannot be read: ENOENT",
    ]);
  });

  test("if it is no JSON, and does not show it", async () => {
    const { status, out, err } = await put(await fileWith(`${jwt} is not JSON`));

    expect([status, out]).toEqual([2, ""]);
    expect(err).toMatch(/^CREDENTIAL_INVALID: The credential is invalid: the value is not a JSON object\n/);
    expect(err).not.toContain(jwt);
  });

  test("if fields are wrong, and names every one without its value", async () => {
    const { status, err } = await put(
      await fileWith({ clientId: "", clientSecret: 7, jwt: "only.two", server: "http://x.y" }),
    );

    expect(status).toBe(2);
    for (const field of ["clientId", "clientSecret", "jwt", "server"]) expect(err).toContain(`${field}: `);
    expect(err).not.toContain("only.two");
    expect(await stored()).toBeUndefined();
  });

  test("if the login may not store it, or the secret is gone", async () => {
    const { aws } = shared();
    const file = await fileWith(credential);
    aws.plan({
      on: { operation: "PutSecretValue" },
      what: { status: 403, code: "AccessDeniedException" },
      times: "always",
    });
    const denied = await put(file).finally(aws.clearFaults);
    aws.plan({
      on: { operation: "PutSecretValue" },
      what: { status: 400, code: "ResourceNotFoundException" },
      times: "always",
    });
    const gone = await put(file).finally(aws.clearFaults);

    expect(denied.err).toMatch(
      /^REQUEST_INVALID: AWS does not let this login store the credential\nAllow it secretsmanager:/,
    );
    expect(gone.err).toMatch(/^REQUEST_INVALID: There is no secret credential\n/);
    expect([denied.status, gone.status, denied.out + gone.out]).toEqual([2, 2, ""]);
  });
});

describe("nightshift credential put", () => {
  test("stores a file's credential, shows none of it, and says what comes next", async () => {
    const file = await fileWith(credential);

    const { status, out, err } = await put(file);

    expect(out.split("\n")).toEqual([
      "The credential is stored. A run at work uses it from its next login on.",
      `Delete the file: rm ${file}`,
      "Check it: npx nightshift doctor --stack sample",
      "",
    ]);
    expect([status, err]).toEqual([0, ""]);
    expect(JSON.parse((await stored()) ?? "")).toEqual(credential);
  });

  test("warns if others may read the file", async () => {
    const file = await fileWith(credential, 0o640);

    const { status, err } = await put(file);

    expect([status, err]).toEqual([
      0,
      `Warning: other users of this machine may read ${file}. Run chmod 600 ${file}\n`,
    ]);
  });

  test("reads standard input, so that no file is needed", async () => {
    const another = { ...credential, clientId: "another-id" };

    const { status, out } = await put("-", { readInput: async () => JSON.stringify(another) });

    expect(out).not.toContain("rm ");
    expect([status, JSON.parse((await stored()) ?? "")]).toEqual([0, another]);
  });
});
