import type { Report } from "../../../shared/pages/report.ts";
import { company400, dayReport, member } from "./companies.ts";

/** What RingCentral or a user can put into a name. */
export const hostileNames = [
  "<script>alert(1)</script>",
  `"><img src=x onerror=alert(1)>`,
  "</title></style><style>*{display:none}</style>",
  "\u202egnp.exe \u2067right",
  "Very long name ".repeat(14).trim(),
  "👩‍👩‍👧‍👦 🇪🇺 family",
  "two\nlines",
  "&amp; &lt;b&gt;",
  `{{name}} \${name} 'quoted'`,
  "日本語の名前 東京営業所",
];

/** A day on which queues, teams and people all bear such names. */
export function hostileReport(): Report {
  const members = hostileNames.map((name, index) => member(`hostile ${index}`, 900 - index * 20, { name, inSla: 0 }));
  const analytics = { ...dayReport(company400).analytics, Queues: members, Departments: members, Users: members };
  return dayReport(company400, "2026-11-19", { analytics });
}
