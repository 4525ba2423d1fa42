/** What 3.x answers where there is nothing to show. */
export const success = async (work: Promise<unknown>): Promise<{ message: 'success' }> => {
  await work
  return { message: 'success' }
}
