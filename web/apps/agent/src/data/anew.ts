// After a reset: what is on the screen stays until it has come anew - an open menu, the focus, the place in a list.

/** Lists begin to fetch their pages so long after they were told to. */
const LISTS_BEGIN_MS = 250;
/** Rows that may not be seen any more stay no longer than this. */
const MOST_MS = 4_000;

const wait = (ms: number) => new Promise((done) => setTimeout(done, ms));

/** Until what is shown was read anew: `asked` of what is fetched one by one, `reading` = pages of lists. */
export async function readAnew(
  asked: Promise<void>,
  reading: ReadonlySet<Promise<void>>,
): Promise<void> {
  const all = async (): Promise<void> => {
    await Promise.allSettled([asked, wait(LISTS_BEGIN_MS)]);
    await Promise.allSettled(reading);
  };
  await Promise.race([all(), wait(MOST_MS)]);
}
