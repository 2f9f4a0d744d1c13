import { html } from "hono/html";
import type { MemberFigures } from "../../core/figures/day-figures.ts";
import { hasNoAnalytics, notCollected } from "../analytics-notes.ts";
import { noteHtml, sectionHtml } from "../figure.ts";
import type { Html } from "../html.ts";
import { extensionOf, type LabelOf, memberLabels } from "../member-labels.ts";
import type { PageContext } from "../page-context.ts";
import type { PeopleMode } from "../report.ts";
import { busiestFigure, leastReachableFigure, type Members, minGroupSize } from "./members.ts";

/** The busiest and the least reachable teams and people, as far as the style lets them appear. */
export function peopleSection(context: PageContext): Html | undefined {
  const { report, style, formats } = context;
  const { Users, Departments } = report.analytics;
  if (style.people === "none" || hasNoAnalytics(context)) return undefined;
  if (!Users) return sectionHtml("Teams and people", noteHtml(notCollected("Users")));
  const active = Users.filter(({ calls }) => calls > 0);
  if (active.length < minGroupSize) {
    const size = formats.count(minGroupSize);
    return sectionHtml(
      "Teams and people",
      noteHtml(`Fewer than ${size} people had calls, so neither teams nor people are shown.`),
    );
  }
  const labelOf = personLabels(style.people, active);
  const people: Members = { noun: "people", head: "Person", members: active, labelOf };
  // The analytics do not say how many people a department has: one of a single person would be that person.
  const teams = style.people === "names" ? teamsHtml(context, Departments) : undefined;
  return sectionHtml(teams ? "Teams and people" : "People", teams, listsHtml(people, context));
}

function teamsHtml(context: PageContext, teams: readonly MemberFigures[] | undefined): Html {
  if (!teams) return noteHtml(notCollected("Departments"));
  if (teams.every(({ calls }) => calls === 0)) return noteHtml("No department had calls.");
  return listsHtml({ noun: "teams", head: "Team", members: teams, labelOf: teamLabel }, context);
}

function listsHtml(members: Members, context: PageContext): Html {
  return html`<div class="pair">${busiestFigure(members, context)}${leastReachableFigure(members, context)}</div>`;
}

/** How people are called. By extension numbers no name may appear, not even where a number is missing. */
function personLabels(mode: PeopleMode, people: readonly MemberFigures[]): LabelOf {
  const unnamed = "No extension number";
  return mode === "names" ? memberLabels(people, unnamed) : (person) => ({ name: extensionOf(person) ?? unnamed });
}

function teamLabel({ name, key }: MemberFigures): ReturnType<LabelOf> {
  return { name: name?.trim() ? name : key };
}
