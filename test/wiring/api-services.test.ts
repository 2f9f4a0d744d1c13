import { describe, expect, onTestFinished, test, vi } from "vitest";
import { enterLab } from "../../lab/aws/trial/lab-under-test.ts";
import { createClock } from "../../lab/clock.ts";
import type { Fault } from "../../lab/ringcentral/faults.ts";
import { startRingCentral } from "../../lab/ringcentral/server.ts";
import { Env } from "../../shared/contract.ts";
import { jobs } from "../../shared/jobs.ts";
import { openApi } from "../../shared/wiring/api-services.ts";
import { defaultOutside } from "../../shared/wiring/outside.ts";
import { jobErrorOf } from "../support/ringcentral/open-client.ts";
import { silentLog } from "../support/runtime/silent-log.ts";

const account = "/restapi/v1.0/account/~";
const light = { group: "light" } as const;

/** Opens the services like a container, with the lab's RingCentral and AWS. */
async function openContainer(...faults: readonly Fault[]) {
  const clock = createClock();
  const ringCentral = await startRingCentral({ clock, faults: [...faults] });
  const secrets = { credential: JSON.stringify(ringCentral.credential) };
  const aws = await enterLab({ clock, checkSkew: false, secrets });
  const environment = { AWS_ENDPOINT_URL: aws.url, AWS_REGION: "us-east-1" };
  const keys = { AWS_ACCESS_KEY_ID: "lab", AWS_SECRET_ACCESS_KEY: "lab" };
  for (const [name, value] of Object.entries({ ...environment, ...keys })) vi.stubEnv(name, value);
  onTestFinished(async () => {
    vi.unstubAllEnvs();
    await ringCentral.stop();
  });
  const counted: Record<string, number> = {};
  const add = (name: string, value = 1) => {
    counted[name] = (counted[name] ?? 0) + value;
  };
  const set = (name: string, value: number) => {
    counted[name] = value;
  };
  const config = {
    ...{ [Env.archiveBucket]: "archive", [Env.stateBucket]: "state", [Env.derivedBucket]: "derived" },
    [Env.timeZone]: "UTC",
    ...{ [Env.credentialSecret]: "credential", [Env.idleTimeout]: 30 },
  };
  const container = (job: "archive-calls" | "collect-analytics", scopes?: string) => {
    const open = openApi(
      { ...config, [Env.scopes]: scopes },
      {
        job,
        deployment: jobs[job],
        log: () => silentLog,
        metrics: () => ({ add, set, publish: () => undefined }),
        reporter: () => ({ log: silentLog, ended: () => undefined, publish: () => undefined }),
        outside: defaultOutside,
      },
    );
    return async (manual: boolean) => (await open({ name: "run", manual })).client.sendText(account, light);
  };
  return { container, sendRequest: container("archive-calls"), ringCentral, clock, counted };
}

describe("a credential that RingCentral refuses", () => {
  const refusal: Fault = {
    on: "token",
    what: { status: 400, body: { error: "invalid_grant", errors: [{ errorCode: "OAU-213" }] } },
  };

  test("is tried again at once by a manual run, and not by a schedule's", async () => {
    const { sendRequest, ringCentral, clock } = await openContainer(refusal);
    const logins = () => ringCentral.counters().byEndpoint.token;

    const first = await jobErrorOf(sendRequest(false));
    clock.advance(61_000);
    const again = await jobErrorOf(sendRequest(false));
    expect([first.code, again.code, logins()]).toEqual(["CREDENTIAL_REFUSED", "CREDENTIAL_REFUSED", 1]);

    await sendRequest(true);
    expect(logins()).toBe(2);
  });
});

test("scopes in another order are the same, and one token serves for them", async () => {
  const { container, ringCentral } = await openContainer();

  await container("collect-analytics", "Analytics ReadAccounts ReadCallLog")(false);
  await container("collect-analytics", "ReadCallLog ReadAccounts Analytics")(false);

  expect(ringCentral.counters().byEndpoint.token).toBe(1);
});

describe("a container", () => {
  test("counts each response, and a 429 twice: as a request and as rate limited", async () => {
    const { sendRequest, counted } = await openContainer({ on: "account", what: { status: 429, penaltyMs: 1_000 } });

    await expect(sendRequest(false)).rejects.toMatchObject({ name: "Pause" });

    expect(counted).toMatchObject({ ApiRequests: 1, RateLimited: 1, TokenExchanges: 1 });
  });

  test("publishes the remaining days of the credential after reading it", async () => {
    const { sendRequest, counted } = await openContainer();

    await sendRequest(false);

    expect(counted.CredentialDaysLeft).toBeGreaterThan(0);
  });
});
