/** What the answers of a request weigh in memory, bounded with all that others hold. */
export interface Room {
  /** False where there is no room for so many bytes more; nothing is then held of them. */
  take (bytes: number): boolean
  /** Gives back what the request held, once it is over. */
  leave (): void
}

/** Bytes that the requests under way may hold: of one caller, and of all. */
export interface RoomLimits { perCaller: number, total: number }

/** Makes the room of a request of a caller. */
export function createRooms ({ perCaller, total }: RoomLimits): (caller: string) => Room {
  const held = new Map<string, number>()
  let all = 0

  function add (caller: string, bytes: number) {
    const sum = (held.get(caller) ?? 0) + bytes
    if (sum > 0) held.set(caller, sum); else held.delete(caller)
    all += bytes
  }

  return caller => {
    let mine = 0
    let over = false
    return {
      take (bytes) {
        if (over || all + bytes > total || (held.get(caller) ?? 0) + bytes > perCaller) return false
        mine += bytes
        add(caller, bytes)
        return true
      },
      leave () {
        if (over) return
        over = true
        add(caller, -mine)
      },
    }
  }
}
