/** Waits until something holds, looking again at every turn of the loop; gives up after a minute. */
export async function until (holds: () => boolean | Promise<boolean>, what = 'what was waited for'): Promise<void> {
  const end = Date.now() + 60_000
  while (!await holds()) {
    if (Date.now() > end) throw new Error(`${what} did not come`)
    await new Promise(resolve => setTimeout(resolve, 5))
  }
}
