"""The icon set: our own strokes on a 24 x 24 grid, drawn with `currentColor`.

A name stands for a meaning (dossier, council), so that a page never has to know a shape.
"""

ICONS: dict[str, str] = {
    # rooms of the house
    "home": '<path d="M4 6.5 5.5 8 8.5 5"/><path d="M12 6.5h8"/><path d="M4 12.5 5.5 14l3-3"/>'
    '<path d="M12 12.5h8M4.5 19h3M12 19h8"/>',
    "dossier": '<path d="M3.5 18V6a1.5 1.5 0 0 1 1.5-1.5h4l2 2.5h8A1.5 1.5 0 0 1 20.5 8.5v9.5'
    'a1.5 1.5 0 0 1-1.5 1.5H5A1.5 1.5 0 0 1 3.5 18z"/><path d="M8 12h8M8 15.5h5"/>',
    "entity": '<path d="M4 20V10.5L12 4l8 6.5V20"/><path d="M2.5 20h19"/><path d="M9.5 20v-6h5v6"/>',
    "product": '<path d="M4 10h16l-1.6 8.7a1.5 1.5 0 0 1-1.5 1.3H7.1a1.5 1.5 0 0 1-1.5-1.3z"/>'
    '<path d="m8 10 3-6M16 10l-3-6M10 13.5v3M14 13.5v3"/>',
    "round": '<path d="M12 4v16M7.5 20h9M5 7.5h14"/><path d="m5 7.5-2.5 6h5zM19 7.5l-2.5 6h5z"/>',
    "council": '<circle cx="12" cy="7" r="3"/><circle cx="5" cy="10" r="2"/><circle cx="19" cy="10" r="2"/>'
    '<path d="M6.5 19v-2a5.5 5.5 0 0 1 11 0v2zM2 18v-1.5a3.5 3.5 0 0 1 2.5-3.3M22 18v-1.5'
    'a3.5 3.5 0 0 0-2.5-3.3"/>',
    "sheet": '<rect x="5" y="4.5" width="14" height="16" rx="1.5"/><path d="M9 4.5V3h6v1.5"/>'
    '<path d="m8.5 13 2.2 2.2 4.8-4.8"/>',
    "certificate": '<circle cx="12" cy="9.5" r="5.5"/><path d="m8.5 14-1.5 7 5-2.5 5 2.5-1.5-7"/>'
    '<path d="m9.8 9.5 1.6 1.6 2.9-3"/>',
    "criteria": '<path d="M4 5h7M8 12h7M12 19h8"/><path d="M4 5v7h4M8 12v7h4"/>',
    "plan": '<path d="M5 21V4"/><path d="M5 4.5h11.5l-2.5 4 2.5 4H5"/>',
    "target": '<circle cx="12" cy="12" r="8.5"/><circle cx="12" cy="12" r="4.5"/>'
    '<circle cx="12" cy="12" r=".8"/>',
    "task": '<rect x="4" y="4" width="16" height="16" rx="2"/><path d="m8 12.2 2.8 2.8L16 9.5"/>',
    "training": '<path d="M2.5 9 12 4.5 21.5 9 12 13.5z"/>'
    '<path d="M6.5 11v5c3.3 2.7 7.7 2.7 11 0v-5M21.5 9v5.5"/>',
    "dashboard": '<path d="M3.5 20.5h17"/><path d="M6.5 17v-5M12 17V5M17.5 17V9"/>',
    "report": '<path d="M6.5 3.5h8l4 4v13h-12z"/><path d="M14.5 3.5v4h4M9.5 12h6M9.5 16h6"/>',
    "unit": '<path d="M12 21s-6.5-6-6.5-11a6.5 6.5 0 0 1 13 0c0 5-6.5 11-6.5 11z"/>'
    '<circle cx="12" cy="10" r="2.3"/>',
    "user": '<circle cx="12" cy="8" r="3.8"/><path d="M4.5 20.5a7.5 7.5 0 0 1 15 0"/>',
    "users": '<circle cx="9" cy="8.5" r="3.5"/><path d="M2.5 20a6.5 6.5 0 0 1 13 0"/>'
    '<path d="M15.5 5.3a3.5 3.5 0 0 1 0 6.4M18 14.5a6.5 6.5 0 0 1 3.5 5.5"/>',
    "settings": '<path d="M4 7h9M17 7h3M4 17h3M11 17h9"/><circle cx="15" cy="7" r="2"/>'
    '<circle cx="9" cy="17" r="2"/>',
    "audit": '<path d="M12 3.5 5 6v5.5c0 4.3 3 7.5 7 9 4-1.5 7-4.7 7-9V6z"/>'
    '<path d="m9 12 2.2 2.2L15.2 10"/>',
    # acts
    "search": '<circle cx="10.5" cy="10.5" r="6"/><path d="m15 15 5.5 5.5"/>',
    "plus": '<path d="M12 5v14M5 12h14"/>',
    "edit": '<path d="m4.5 19.5 1-4.5L16 4.5l3.5 3.5L9 18.5z"/><path d="m13.5 7 3.5 3.5"/>',
    "trash": '<path d="M4.5 7h15M9.5 7V4.5h5V7M6.5 7l1 13h9l1-13M10.5 11v5M13.5 11v5"/>',
    "send": '<path d="M21 3.5 3.5 10.5l6.5 3 3 6.5z"/><path d="m10 13.5 4-4"/>',
    "return": '<path d="M9 5.5 4.5 10 9 14.5"/><path d="M4.5 10H15a5 5 0 0 1 0 10h-3"/>',
    "download": '<path d="M12 4v11M7.5 10.5 12 15l4.5-4.5M4.5 19.5h15"/>',
    "upload": '<path d="M12 15V4M7.5 8.5 12 4l4.5 4.5M4.5 19.5h15"/>',
    "print": '<path d="M7 9V4h10v5M7 17H4.5V9h15v8H17"/><path d="M7 14h10v6H7z"/>',
    "refresh": '<path d="M19.5 12a7.5 7.5 0 1 1-2.2-5.3l2.2 2.2"/><path d="M19.5 4v5h-5"/>',
    "bookmark": '<path d="M7 4.5h10v15.5l-5-4-5 4z"/>',
    "columns": '<rect x="4" y="5" width="16" height="14" rx="1.5"/><path d="M9.3 5v14M14.7 5v14"/>',
    "filter": '<path d="M4 5.5h16l-6 7.5v6l-4-2v-4z"/>',
    "external": '<path d="M13.5 4.5h6v6M19.5 4.5l-9 9"/><path d="M17.5 14v5.5h-13v-13H10"/>',
    "login": '<path d="M13.5 4.5h6v15h-6M4 12h11M11 8l4 4-4 4"/>',
    "logout": '<path d="M10.5 4.5h-6v15h6M9 12h11M16 8l4 4-4 4"/>',
    "attach": '<path d="m19.5 11.5-8 8a5 5 0 0 1-7-7l8.5-8.5a3.3 3.3 0 0 1 4.7 4.7L9.3 17'
    'a1.7 1.7 0 0 1-2.4-2.4l7.6-7.6"/>',
    # marks
    "menu": '<path d="M4 6.5h16M4 12h16M4 17.5h16"/>',
    "more": '<circle cx="5.5" cy="12" r="1.2"/><circle cx="12" cy="12" r="1.2"/>'
    '<circle cx="18.5" cy="12" r="1.2"/>',
    "chevron-down": '<path d="m6.5 9.5 5.5 5.5 5.5-5.5"/>',
    "chevron-right": '<path d="m9.5 6.5 5.5 5.5-5.5 5.5"/>',
    "arrow-left": '<path d="M20 12H4.5M10.5 6l-6 6 6 6"/>',
    "arrow-right": '<path d="M4 12h15.5M13.5 6l6 6-6 6"/>',
    "close": '<path d="m6 6 12 12M18 6 6 18"/>',
    "check": '<path d="m5 12.5 4.5 4.5L19 7.5"/>',
    "good": '<circle cx="12" cy="12" r="8.5"/><path d="m8.2 12.3 2.6 2.6 5-5.2"/>',
    "info": '<circle cx="12" cy="12" r="8.5"/><path d="M12 11.2v5M12 7.8v.2"/>',
    "warning": '<path d="M12 4 2.8 19.5h18.4z"/><path d="M12 10v4.5M12 17v.2"/>',
    "danger": '<path d="M8.3 3.5h7.4l5 5v7l-5 5H8.3l-5-5v-7z"/><path d="M12 8v5M12 16v.2"/>',
    "waiting": '<circle cx="12" cy="12" r="8.5"/><path d="M12 7v5.2l3.2 2"/>',
    "neutral": '<circle cx="12" cy="12" r="8.5"/><path d="M8.5 12h7"/>',
    "calendar": '<rect x="4" y="5.5" width="16" height="15" rx="1.5"/>'
    '<path d="M4 10h16M8.5 3.5v4M15.5 3.5v4"/>',
    "bell": '<path d="M6 16.5V11a6 6 0 0 1 12 0v5.5l1.5 1.5h-15zM10 20.5h4"/>',
    "lock": '<rect x="5" y="10.5" width="14" height="10" rx="1.5"/>'
    '<path d="M8 10.5V8a4 4 0 0 1 8 0v2.5M12 14.5v2"/>',
    "key": '<circle cx="8" cy="15.5" r="4"/><path d="m11 12.5 8-8M15.5 8l3 3"/>',
    "mail": '<rect x="3.5" y="5.5" width="17" height="13" rx="1.5"/><path d="m4 7 8 6.5L20 7"/>',
    "help": '<circle cx="12" cy="12" r="8.5"/>'
    '<path d="M9.5 9.8a2.5 2.5 0 1 1 3.6 2.2c-.8.4-1.1.9-1.1 1.8M12 16.5v.2"/>',
    "link": '<path d="M10 14a4 4 0 0 0 5.7 0l3-3A4 4 0 0 0 13 5.3l-1 1"/>'
    '<path d="M14 10a4 4 0 0 0-5.7 0l-3 3A4 4 0 0 0 11 18.7l1-1"/>',
    "image": '<rect x="3.5" y="5" width="17" height="14" rx="1.5"/><circle cx="9" cy="10" r="1.6"/>'
    '<path d="m4 17.5 5-4.5 3.5 3 3-2.5 4.5 4"/>',
    "leaf": '<path d="M5 19C4 10 9.5 4.5 20 4.5 20 14 15 19.5 7.5 18"/>'
    '<path d="M4.5 20.5C7 15.5 10 12.5 14 10.5"/>',
}
