"""Jobs and notices are their owner's: any role may have one, nobody else sees it (404, not 403)."""

ACCESS = {
    "core:keep_alive": "anybody",
    "core:job": "anybody",
    "core:job_cancel": "anybody",
    "core:notices": "anybody",
    "core:notices_read_all": "anybody",
    "core:notice_read": "anybody",
    "core:notice_preferences": "anybody",
}
