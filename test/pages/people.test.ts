import { expect, test } from "vitest";
import { renderReport } from "../../shared/pages/render-report.ts";
import type { PeopleMode } from "../../shared/pages/report.ts";
import { archiveView, company400, dayReport, member } from "../support/pages/companies.ts";
import { hostileNames, hostileReport } from "../support/pages/hostile-names.ts";
import { style } from "../support/pages/page-kinds.ts";
import { headingsIn, rowsIn, tablesIn, textIn } from "../support/pages/tables-in.ts";

const { analytics } = dayReport(company400);
const names = (analytics.Users ?? []).flatMap(({ name }) => name ?? []);
const render = (people: PeopleMode, Users = analytics.Users) =>
  renderReport(dayReport(company400, "2026-11-19", { analytics: { ...analytics, Users } }), archiveView(), {
    ...style,
    people,
  });
const peopleWithCalls = (count: number) =>
  Array.from({ length: count }, (_, index) =>
    member(`p${index}`, 40, { name: `Person ${index}`, extensionNumber: `${100 + index}` }),
  );

test("by extension numbers, no name of a person is anywhere in the page", async () => {
  const html = await render("extensions");

  expect(names.filter((name) => html.includes(name))).toEqual([]);
  expect(rowsIn(html, "Busiest people")[0]?.[0]).toMatch(/^Ext\. \d{4}$/);
});

test("by extension numbers, a person without one is not named instead", async () => {
  const users = peopleWithCalls(6).map((user) => ({ ...user, extensionNumber: undefined }));
  const html = await render("extensions", users);

  expect(html).not.toContain("Person 1");
  expect(rowsIn(html, "Busiest people")[0]?.[0]).toBe("No extension number");
});

test("without people there are neither people nor teams", async () => {
  const html = await render("none");
  const teams = (analytics.Departments ?? []).flatMap(({ name }) => name ?? []);

  expect(names.filter((name) => html.includes(name))).toEqual([]);
  expect(html).not.toContain("Ext. ");
  expect(html).not.toContain("Teams and people");
  expect(teams).not.toEqual([]);
  expect(tablesIn(html).has("Busiest teams")).toBe(false);
});

test("by extension numbers there are no teams: one of a single person would be that person", async () => {
  const html = await renderReport(dayReport(company400), archiveView(), { ...style, people: "extensions" });

  expect(tablesIn(html).has("Busiest people")).toBe(true);
  expect(tablesIn(html).has("Busiest teams")).toBe(false);
});

test("people of the same name have their extension numbers", async () => {
  const report = dayReport(company400);
  const Users = (report.analytics.Users ?? []).map((each, index) =>
    index < 2 ? { ...each, name: "Ann Lee", calls: 9_999 } : each,
  );
  const html = await renderReport({ ...report, analytics: { ...report.analytics, Users } }, archiveView(), style);

  const names = rowsIn(html, "Busiest people").map(([name]) => name);
  expect(names.slice(0, 2).sort()).toEqual(
    Users.slice(0, 2)
      .map(({ extensionNumber }) => `Ann Lee, Ext. ${extensionNumber}`)
      .sort(),
  );
});

test("people of the same long name, of whom one has no number, are told apart in the charts of every width", async () => {
  const numbers = ["12345678", "12345679", undefined];
  const users = peopleWithCalls(8).map((user, index) => ({
    ...{ ...user, calls: 40 - index, name: index < 3 ? "Sales; East, 2nd floor" : user.name },
    extensionNumber: index < 3 ? numbers[index] : user.extensionNumber,
  }));
  const html = await render("names", users);

  const labels = [...html.matchAll(/<text [^>]*>([^<]*(?:, Ext\. \d+|, no extension))<\/text>/g)].map(
    ([, label]) => label,
  );
  expect([...new Set(labels)].toSorted()).toEqual(
    [
      ...["S…, Ext. 12345678", "S…, Ext. 12345679", "Sa…, no extension"],
      ...["Sales; East…, Ext. 12345678", "Sales; East…, Ext. 12345679", "Sales; East,…, no extension"],
    ].toSorted(),
  );
});

test("a queue's calls are whole behind its name, however long the name is", async () => {
  const Queues = [member("q", 1_090, { name: "Very long name of a queue ".repeat(4), inSla: 0 })];
  const html = await renderReport(
    dayReport(company400, "2026-11-19", { analytics: { ...analytics, Queues } }),
    archiveView(),
    style,
  );

  expect(html).toContain(">Very long name of…, 1,090 calls</text>");
});

test("four people with calls are not broken down, and neither are their teams; five are", async () => {
  const idle = peopleWithCalls(9).map((user) => ({ ...user, key: `idle ${user.key}`, name: "Idle Person", calls: 0 }));
  const four = await render("names", [...peopleWithCalls(4), ...idle]);
  const five = await render("names", [...peopleWithCalls(5), ...idle]);

  expect(textIn(four)).toContain("Fewer than 5 people had calls, so neither teams nor people are shown.");
  expect(four).not.toContain("Person 1");
  expect(tablesIn(four).has("Busiest teams")).toBe(false);
  expect(rowsIn(five, "Busiest people")).toHaveLength(5);
});

test("nobody is called hard to reach with fewer than ten inbound calls a day", async () => {
  const user = (key: string, inbound: number) =>
    member(key, 40, { name: key, answered: 0, notAnswered: inbound, extensionNumber: "9" });
  const html = await render("names", [...peopleWithCalls(5), user("Nine", 9), user("Ten", 10)]);
  const listed = rowsIn(html, "Least reachable people").map(([name]) => name);

  expect(listed[0]).toBe("Ten");
  expect(listed).not.toContain("Nine");
});

const answering = (key: string, answered: number) =>
  member(key, 40, { name: key, answered, notAnswered: 100 - answered, extensionNumber: "9" });

test("only who answered less than the average is called hard to reach, with the average", async () => {
  const html = await render("names", ["A", "B", "C", "D"].map((key) => answering(key, 90)).concat(answering("E", 40)));

  expect(rowsIn(html, "Least reachable people").map(([name]) => name)).toEqual(["E"]);
  expect(textIn(html)).toContain("less than the average of all these people, 80%");
});

test("a team that has nobody to compare with is not called hard to reach", async () => {
  const html = await renderReport(
    dayReport(company400, "2026-11-19", { analytics: { ...analytics, Departments: [answering("Sales", 80)] } }),
    archiveView(),
    style,
  );

  expect(tablesIn(html).has("Least reachable teams")).toBe(false);
  expect(textIn(html)).toContain(
    "None of the teams with at least 10 inbound calls answered less than the average, 80%.",
  );
});

test("four of five people with enough calls are not broken down", async () => {
  const few = { answered: 0, notAnswered: 9, calls: 40 };
  const users = ["A", "B", "C", "D"].map((key, index) => answering(key, 50 + index));
  const four = await render("names", [...users, { ...answering("E", 0), ...few }]);
  const five = await render("names", [...users, answering("E", 60)]);

  expect(tablesIn(four).has("Least reachable people")).toBe(false);
  expect(tablesIn(five).has("Least reachable people")).toBe(true);
});

test("several with as many calls share the first place", async () => {
  const users = peopleWithCalls(5);
  const tied = await render("names", users);
  const alone = await render("names", [...users, member("first", 90, { name: "First", extensionNumber: "1" })]);

  expect(headingsIn(tied, 3)).toContainEqual(expect.stringMatching(/and 4 more had the most, 40 calls each$/));
  expect(headingsIn(alone, 3)).toContain("First had the most, 90 calls");
});

test("hostile names stand in the tables letter for letter, each isolated", async () => {
  const html = await renderReport(hostileReport(), archiveView(), style);

  for (const table of ["Queues by service level", "Busiest teams", "Busiest people"]) {
    expect(
      rowsIn(html, table)
        .map(([name]) => name)
        .toSorted(),
    ).toEqual(hostileNames.toSorted());
  }
  expect(html).not.toMatch(/<script|<img/);
  expect(html.match(/\u202e/g)?.length).toBe(html.match(/<bdi>\u202e/g)?.length);
});
