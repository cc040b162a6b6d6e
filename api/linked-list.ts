/** What an entry carries so that it can leave the list without being searched for. */
export interface Link<T> {
  previous: T | undefined;
  next: T | undefined;
}

/** A list in order of arrival whose entries are its own links: joining and leaving allocate nothing. */
export class LinkedList<T extends Link<T>> {
  first: T | undefined;
  size = 0;
  #last: T | undefined;

  append(entry: T): void {
    entry.previous = this.#last;
    if (this.#last) {
      this.#last.next = entry;
    } else {
      this.first = entry;
    }
    this.#last = entry;
    this.size += 1;
  }

  remove(entry: T): void {
    if (entry.previous) {
      entry.previous.next = entry.next;
    } else {
      this.first = entry.next;
    }
    if (entry.next) {
      entry.next.previous = entry.previous;
    } else {
      this.#last = entry.previous;
    }
    // An entry that has left must not keep its neighbours alive: a chain of them would outlive the young generation.
    entry.previous = undefined;
    entry.next = undefined;
    this.size -= 1;
  }

  *[Symbol.iterator](): Generator<T> {
    for (let entry = this.first; entry; entry = entry.next) {
      yield entry;
    }
  }
}
