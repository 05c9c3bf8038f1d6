// What the main thread of a page has worked: by its CPU time, because wall time on a shared machine is noise.

const pause = (ms) => new Promise((done) => setTimeout(done, ms));

/** Seconds the main thread has worked since the page began. */
export async function meter(page) {
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('Performance.enable', { timeDomain: 'threadTicks' });
  return async () => {
    const { metrics } = await cdp.send('Performance.getMetrics');
    return metrics.find((one) => one.name === 'TaskDuration').value;
  };
}

/** Waits until the page rests: no task for a moment. */
export async function rested(page, spent) {
  for (let last = -1, calm = 0; calm < 3; await pause(60)) {
    const now = await spent();
    calm = now - last < 0.004 ? calm + 1 : 0;
    last = now;
  }
}
