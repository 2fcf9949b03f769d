import { toast } from "sonner";
import { ApiError } from "./client";

/** Whether a change was accepted. Where there is no form, a message says what is wrong with it. */
export async function saved(change: Promise<unknown>): Promise<boolean> {
  try {
    await change;
    return true;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const messages = Object.values(error.fields);
    if (messages.length > 0) toast.error(messages.join(". "));
    return false;
  }
}
