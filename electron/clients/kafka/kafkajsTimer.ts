/**
 * kafkajs 2.2.4 re-arms a timer with a negative delay for ever on every open connection: 915 wake-ups a second each
 * (tulios/kafkajs issue 1751, never merged). Importing this file once in a thread ends that.
 */
import RequestQueue from 'kafkajs/src/network/requestQueue/index.js'

const original = RequestQueue.prototype.scheduleCheckPendingRequests

/** A look is needed only while something waits, or while the broker has asked for a pause. */
RequestQueue.prototype.scheduleCheckPendingRequests = function (this: RequestQueue): void {
  if (this.pending.length === 0 && this.throttledUntil <= Date.now()) return
  original.call(this)
}
