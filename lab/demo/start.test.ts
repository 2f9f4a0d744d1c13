import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Writable } from "node:stream";
import { text } from "node:stream/consumers";
import { gunzipSync } from "node:zlib";
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from "vitest";
import { enterFastWorld } from "../../test/support/enter-fast-world.ts";
import { type RingCentral, startRingCentral } from "../ringcentral/server.ts";
import { runStart } from "./run-start.ts";
import { trialScopes } from "./try-account.ts";
import { newYork } from "./world.ts";

const script = join(import.meta.dirname, "start.ts");
const day = new Date(Date.now() - 3 * 24 * 3_600_000).toISOString().slice(0, 10);

const organisation = { users: 3, queues: 2, sites: 1, departments: 1, ivrs: 1 };
const account = { timeZone: newYork, organisation, calls: { perDay: 8, recordedShare: 1 } };
const limits = { heavy: { limit: 40, windowMs: 1_000, penaltyMs: 1_000 } };

let dir: string;
let ringCentral: RingCentral;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "nightshift-start-"));
  ringCentral = await startRingCentral({ account, limits });
});
afterEach(async () => {
  await ringCentral.stop();
  await rm(dir, { recursive: true, force: true });
});

/** Does in this process what `npm start` does. */
const start = async (...args: string[]) => {
  let text = "";
  const output = new Writable({
    write: (chunk, _encoding, done) => {
      text += chunk;
      done();
    },
  });
  const into = ["--into", join(dir, "archive")];
  const problem = await runStart([...into, ...args], output as unknown as NodeJS.WriteStream);
  return { code: problem?.status ?? 0, text: `${text}${problem === undefined ? "" : `${problem.text}\n`}` };
};

const credentialFile = async (credential: object = ringCentral.credential) => {
  const file = join(dir, "rc.json");
  await writeFile(file, JSON.stringify(credential));
  return file;
};

test("the lab touches only folders that it has made itself", async () => {
  await mkdir(join(dir, "archive"));
  await writeFile(join(dir, "archive", "precious.mp3"), "audio");

  const { code, text } = await start();

  expect(code).toBe(1);
  expect(text).toContain("nothing was touched");
  expect(await readFile(join(dir, "archive", "precious.mp3"), "utf8")).toBe("audio");
});

test("a folder that cannot be created ends at once with the exit status 2 and one sentence", async () => {
  const file = join(dir, "file");
  await writeFile(file, "");

  const { code, text } = await start("--into", join(file, "archive"));

  expect({ code, text }).toEqual({
    code: 2,
    text: `${join(file, "archive")} cannot be written (ENOTDIR): give --into another folder.\n`,
  });
});

test("a credential without days ends with what is missing", async () => {
  const { code, text } = await start("--credential", await credentialFile());

  expect(code).toBe(2);
  expect(text).toContain("--day");
});

test("a credential file that does not exist ends with its name and a hint", async () => {
  const { code, text } = await start("--credential", "no-such-file.json", "--day", "2026-11-03");

  expect(code).toBe(1);
  expect(text).toMatch(/^The credential file no-such-file\.json cannot be read\. Write it as .*README\.md says\.\s*$/);
});

test("an invalid credential ends with its errors, and none of it is printed", async () => {
  const { jwt } = ringCentral.credential;
  const { code, text } = await start(
    "--credential",
    await credentialFile({ ...ringCentral.credential, jwt: `${jwt}\n`, clientId: "" }),
    "--day",
    day,
  );

  expect(code).toBe(1);
  expect(text).toMatch(/clientId: is empty/);
  expect(text).not.toContain(jwt);
});

test("RingCentral is reached through a proxy of the environment, and a fault ends the trial at once, with one sentence, advice and nothing of the credential", async () => {
  const asked: string[] = [];
  const proxy = createServer().on("connect", (request, socket) => {
    asked.push(String(request.url));
    socket.end("HTTP/1.1 502 Bad Gateway\r\n\r\n");
  });
  proxy.listen(0, "127.0.0.1");
  await once(proxy, "listening");
  onTestFinished(() => void proxy.close());
  const { port } = proxy.address() as AddressInfo;
  const secrets = { clientSecret: "secret-of-the-app", jwt: "secret.of.a-user" };
  const credential = { clientId: "id", ...secrets, server: "https://rc.example.com" };
  vi.stubEnv("HTTPS_PROXY", `http://127.0.0.1:${port}`);
  onTestFinished(() => void vi.unstubAllEnvs());

  const before = performance.now();

  const { code, text } = await start("--credential", await credentialFile(credential), "--day", day);

  expect(asked).toContain("rc.example.com:443");
  expect(code).toBe(1);
  expect(text).toMatch(/\nRingCentral: cannot reach https:\/\/rc\.example\.com: .*\. Look at status/);
  expect(text).not.toContain("Archiving");
  for (const secret of Object.values(secrets)) expect(text).not.toContain(secret);
  expect(performance.now() - before).toBeLessThan(20_000);
});

test("npm start says after Ctrl-C how to go on, leaves neither lock nor temporary files, and ends with the exit status 1", async () => {
  const tmp = join(dir, "tmp");
  await mkdir(tmp);
  const child = spawn(process.execPath, [script, "--into", join(dir, "archive")], {
    env: { ...process.env, TMPDIR: tmp },
    stdio: ["ignore", "pipe", "pipe"],
  });
  child.stdout.on("data", (chunk) => {
    if (String(chunk).includes("listing the calls")) child.kill("SIGINT");
  });

  const [errors] = await Promise.all([text(child.stderr), once(child, "close")]);

  expect(child.exitCode).toBe(1);
  expect(errors).toContain("Interrupted. The next npm start begins anew.");
  expect(await readdir(tmp)).toEqual([]);
  expect(await readdir(join(dir, "archive"))).not.toContain(".lock");
});

test("the bundles archive one day of an app without the scope Analytics, only read, and say what is left out", async () => {
  await ringCentral.stop();
  const scopes = ["ReadAccounts", "ReadCallLog", "ReadCallRecording"];
  ringCentral = await startRingCentral({ account: { ...account, scopes }, limits });

  const { code, text } = await start("--credential", await credentialFile(), "--day", day);

  expect({ code, text }).toMatchObject({ code: 0 });
  const truth = ringCentral.truth(day);
  const folder = join(dir, "archive", "nightshift-archive");
  const calls = gunzipSync(await readFile(join(folder, `calls/account=${truth.accountId}/date=${day}/calls.jsonl.gz`)));
  expect(calls.toString().trim().split("\n")).toHaveLength(truth.days[day]?.records.length ?? -1);
  const manifest = JSON.parse(
    await readFile(join(folder, `manifests/account=${truth.accountId}/date=${day}.json`), "utf8"),
  );
  expect(manifest.totals).toMatchObject({ stored: Object.keys(truth.recordings).length, pending: 0 });
  expect(text).toContain(folder.split("/").at(-1));
  expect(text).toContain(`days of ${newYork}`);
  expect(text).toMatch(/^ok {7}state bucket/m);
  expect(text).toMatch(/^ok {7}permission FullCompanyCallLog +granted to the service user$/m);
  expect(text).toMatch(/Without analytics: .*\n {2}Their scope is Analytics; the archive does without them\./);
  expect(text).toContain("These are real calls and recordings: delete");
  const { tokenExchanges } = ringCentral.counters();
  expect(tokenExchanges.map(({ outcome }) => outcome)).toEqual(["issued", "refused"]);
  expect(Object.keys(ringCentral.counters().byEndpoint).sort()).toEqual([
    "account",
    "apiVersions",
    "authzProfileCheck",
    "callLog",
    "callRecordingSettings",
    "recordingContent",
    "token",
  ]);
});

test("an app that has the scope Analytics gets its analytics, though a trial does not ask for the scope", async () => {
  const queries = { ANALYTICS_GROUPS: "Company", ANALYTICS_METRICS: "allCalls" };
  const world = await enterFastWorld({ account, environment: { ...trialScopes, ...queries } });

  const { error, report } = await world.run("collect-analytics", { request: { days: ["2026-11-02"] } });

  expect(error).toBeUndefined();
  expect(report?.status).toBe("finished");
});
