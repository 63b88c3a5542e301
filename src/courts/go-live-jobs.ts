/**
 * The job that follows every change of a court's go-live: whoever was told of what holds no more is told. It
 * is enqueued with the change, with the id of the court.
 */
export const tellOfGoLiveJob = 'tell-of-go-live'
