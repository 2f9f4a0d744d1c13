import { expect, test, vi } from "vitest";
import type { Topic } from "../../../shared/aws/topic.ts";
import { JobError } from "../../../shared/errors.ts";
import { sendNote } from "../../../shared/jobs/report-status/send-note.ts";
import type { Log } from "../../../shared/runtime/log.ts";

test("of two topics that refuse a note, the first one's error ends the run", async () => {
  const refusing = (arn: string): Topic => ({
    arn,
    publish: async () => {
      throw new JobError("NOTIFY_FAILED", arn);
    },
  });
  const log = { info: vi.fn(), warn: vi.fn(), error: vi.fn() } as unknown as Log;

  const sent = sendNote({ topics: [refusing("a"), refusing("b")], log }, { subject: "s", text: "t" });

  await expect(sent).rejects.toThrow("a");
  expect(log.warn).toHaveBeenCalledTimes(2);
});
