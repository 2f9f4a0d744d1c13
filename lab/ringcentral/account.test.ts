import { expect, test } from "vitest";
import { openLab, refusal } from "./open-lab.ts";

const account = "/restapi/v1.0/account";

test("the account has its own time zone, which may differ from the time zone of its days", async () => {
  await using lab = await openLab({
    account: { id: "12133895004", timeZone: "America/Los_Angeles", reportedTimeZone: "US/Pacific" },
  });
  const expected = { id: 12133895004, regionalSettings: { timezone: { name: "US/Pacific" } } };

  expect(await (await lab.get(`${account}/~`)).json()).toMatchObject(expected);
  expect(await (await lab.get(`${account}/12133895004`)).json()).toMatchObject(expected);
  expect(await refusal(lab.get(`${account}/1`))).toEqual([404, "CMN-102"]);
  expect(await refusal(lab.get(`${account}/~/nothing-here`))).toEqual([404, "CMN-120"]);
});

test("recording settings say how long and how many recordings are kept", async () => {
  await using lab = await openLab({ account: { recordings: { retentionDays: 30, maxNumberLimit: 500 } } });

  const response = await lab.get(`${account}/~/call-recording`);

  expect(response.headers.get("x-rate-limit-group")).toBe("light");
  expect(await response.json()).toMatchObject({
    automatic: { enabled: true, retentionPeriod: 30, maxNumberLimit: 500 },
    onDemand: { enabled: true, retentionPeriod: 30 },
  });
});

test("the profile lists the user's permissions, and the check answers for one", async () => {
  await using lab = await openLab({ account: { permissions: ["ReadCallLog"] } });
  const profile = `${account}/~/extension/~/authz-profile`;
  const check = async (id: string) => (await lab.get(`${profile}/check?permissionId=${id}`)).json();

  expect(await (await lab.get(profile)).json()).toMatchObject({ permissions: [{ permission: { id: "ReadCallLog" } }] });
  expect(await check("ReadCallLog")).toMatchObject({ successful: true });
  expect(await check("FullCompanyCallLog")).toMatchObject({ successful: false });
  expect(await refusal(lab.get(`${profile}/check`))).toEqual([400, "CMN-101"]);
});

test("responses are dated by the lab's clock", async () => {
  await using lab = await openLab();
  lab.ringCentral.clock.advance(60 * 60 * 1000);

  const response = await lab.get(`${account}/~`);

  expect(response.headers.get("date")).toMatch(/^Fri, 06 Nov 2026 05:00/);
});

test("every response has a request id, even a refusal", async () => {
  await using lab = await openLab();
  const responses = await Promise.all([
    lab.get(`${account}/~`),
    lab.get("/nowhere"),
    lab.get(account, { token: "bad" }),
  ]);

  const ids = responses.map((response) => response.headers.get("rcrequestid"));

  expect(new Set(ids).size).toBe(3);
  expect(ids).not.toContain(null);
});
