import { describe, expect, onTestFinished, test, vi } from "vitest";
import { Env } from "../../shared/contract.ts";
import type { FastRun } from "../support/fast-run.ts";
import { enterFastNights } from "./fast-nights.ts";
import { type FaultEnd, type FaultWorld, faultAccount, faultNight } from "./fault-night.ts";
import { cellsInProcess, cellsOfFullTmp } from "./fault-sample.ts";
import type { FaultCell } from "./fault-table.ts";

/** Latency by which parallel runs take turns, in ms. */
const latency = { outboundMs: 20, inboundMs: 20 };

describe("for any fault, in any phase, with any kill,", () => {
  test.each(cellsInProcess(process.env.EVERY_CELL !== undefined))(
    "$fault ($phase, $kill): the night ends complete, or open with the reason, and the next ends with the truth",
    async (cell) => faultNight(await openFaultWorld(cell), cell),
  );

  test.each(cellsOfFullTmp())(
    "$fault ($phase): the night says so, ends complete, or open with the reason, and the next ends with the truth",
    async (cell) => {
      const world = await openFaultWorld(cell);
      onTestFinished(() => void vi.unstubAllEnvs());

      await faultNight(world, cell);

      expect(world.logged.join("\n")).toContain("TEMPORARY_STORAGE_FAILED");
    },
  );
});

interface FaultWorldInProcess extends FaultWorld {
  /** Lines of the log of all nights. */
  readonly logged: readonly string[];
}

async function openFaultWorld(cell: FaultCell): Promise<FaultWorldInProcess> {
  const world = await enterFastNights({ account: faultAccount(cell), environment: { [Env.idleTimeout]: "1" } });
  const atWork = new Set<{ isDoomed: boolean }>();
  const others: Promise<FastRun>[] = [];
  const logged: string[] = [];
  const run = async (name: string) => {
    const life = { isDoomed: false };
    const dies = () => {
      const { isDoomed } = life;
      life.isDoomed = false;
      return isDoomed;
    };
    atWork.add(life);
    const { clockErrorMs } = cell;
    const ended = await world.night({ run: name, clockErrorMs, fate: () => ({ latencyMs: () => latency, dies }) });
    atWork.delete(life);
    logged.push(...ended.logged);
    return ended;
  };
  return {
    ...world,
    logged,
    night: async () => endOf(await run(`night-${world.clock.now()}`)),
    startAnother: async () => {
      others.push(run(`other-${others.length}`));
    },
    others: async () => (await Promise.all(others)).map(endOf),
    kill: () => {
      for (const life of atWork) life.isDoomed = true;
      return atWork.size > 0;
    },
  };
}

function endOf({ error, containers }: FastRun): FaultEnd {
  return { failure: error && `${error.code}: ${error.message}`, crashes: containers - 1 };
}
