"""Jobs are their owner's: any role may have asked for one, nobody else sees it (404, not 403)."""

ACCESS = {
    "core:keep_alive": "anybody",
    "core:job": "anybody",
    "core:job_cancel": "anybody",
}
