import type { ContainerRequest, ContainerResponse } from "../support/container.ts";
import { groupOf, isLogin, type RunRecord } from "./run-record.ts";

const hourMs = 3_600_000;
const maxLoginsPerHour = 6;

export type Report = (rule: string, run: RunRecord, text: string) => void;

/** Watches the requests of one stack's runs, for rules that hold at every request. */
export function watchRequests(report: Report) {
  const logins: number[] = [];
  /** By job, the run in its owner record. */
  const owners = new Map<string, string>();
  return {
    /** Must be called with the content of an owner record once it is stored. */
    owned: (job: string, run: string) => void owners.set(job, run),
    ofRun: (run: RunRecord, name: string) => {
      /** For each container, until when each rate group is blocked, as far as its responses say. */
      let blocked = new Map<string, number>();
      let wasSuperseded = false;
      let step = "";
      return {
        /** A new container does not know the responses of the previous one. */
        container: () => {
          blocked = new Map();
        },
        step: (stepName: string) => {
          step = stepName;
          const owner = owners.get(run.job);
          wasSuperseded = owner !== undefined && owner !== name && !isExempt(step);
        },
        request: (
          request: ContainerRequest,
          stage: "sent" | "carried-out" | "answered",
          response?: ContainerResponse,
        ) => {
          const { to, operation, target, counts } = request;
          const now = Date.now();
          if (stage === "sent" && counts && wasSuperseded)
            report(
              "formerOwnerRests",
              run,
              `${operation} ${target} in "${step}", though ${owners.get(run.job)} owns the job`,
            );
          if (to === "aws") return;
          const group = groupOf(target);
          if (stage === "sent") {
            const until = blocked.get(group) ?? 0;
            if (now < until)
              report("noRequestInsidePenalty", run, `${operation} ${target} ${until - now} ms too early`);
            if (isLogin(target)) noteLogin(now, run);
          }
          const seconds = Number(response?.header("retry-after"));
          if (stage === "answered" && response?.status === 429 && seconds > 0)
            blocked.set(group, now + seconds * 1_000);
        },
      };
    },
  };

  function noteLogin(now: number, run: RunRecord): void {
    logins.push(now);
    const recent = logins.filter((at) => at > now - hourMs).length;
    if (recent === maxLoginsPerHour + 1) report("atMostSixLoginsAnHour", run, `${recent} logins within an hour`);
  }
}

/** True for the step that makes a run the owner, and for the one that reports how it ended. */
function isExempt(step: string): boolean {
  return step === "claim" || step.startsWith("end: ");
}
