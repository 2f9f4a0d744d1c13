import type { Message, Topic } from "../../aws/topic.ts";
import { hasCode, type JobError } from "../../errors.ts";
import type { Log } from "../../runtime/log.ts";

interface NoteServices {
  readonly topics: readonly Topic[];
  readonly log: Log;
}

/** Publishes a note to every topic. @throws NOTIFY_FAILED when a topic refuses it; the others got it */
export async function sendNote({ topics, log }: NoteServices, note: Message): Promise<void> {
  let failed: JobError | undefined;
  for (const { arn, publish } of topics) {
    try {
      await publish(note);
      log.info("note sent", { topic: arn });
    } catch (error) {
      if (!hasCode(error, "NOTIFY_FAILED")) throw error;
      log.warn("note not sent", { topic: arn, ...error.toJSON() });
      failed ??= error;
    }
  }
  if (failed) throw failed;
}
