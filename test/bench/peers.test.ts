import { expect, test } from "vitest";
import { openWorld } from "../../lab/demo/world.ts";
import { type Peer, runPeer } from "./peers/run-peer.ts";
import { storedWhole } from "./peers/stored-whole.ts";

const day = "2026-11-03";

test.concurrent.for<Peer>(["rc-ex", "ringcentral-sdk"])(
  "the benchmark's %s archives a whole day, waits once as long as the server says, and logs in once",
  async (peer) => {
    const calls = { perDay: 3, recordedShare: 1, faxShare: 0, shortShare: 0, transferShare: 0 };
    const heavy = { limit: 2, windowMs: 1_000, penaltyMs: 1_000 };
    const world = await openWorld({ inMemory: true, ringCentral: { limits: { heavy }, account: { calls } } });
    try {
      const { exitCode } = await runPeer(peer, world, day);

      const { limited, insidePenalty, tokenExchanges } = world.ringCentral.counters();
      expect({ exitCode, limited, insidePenalty }).toEqual({ exitCode: 0, limited: 1, insidePenalty: 0 });
      expect(tokenExchanges).toHaveLength(1);
      expect(await storedWhole(world, day)).toEqual({ whole: 3, of: 3 });
    } finally {
      await world.stop();
    }
  },
);
