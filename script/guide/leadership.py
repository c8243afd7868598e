"""The leadership of the province: the dashboard, its lists, comparisons, the meeting room's screen."""

from guide.ways import Picture, at, seen, then

LEADERSHIP = "lanhdao"
BOARD = "/bao-cao/bang-dieu-hanh/"
PICTURES = (
    Picture("lanh-dao-bang", LEADERSHIP, at(BOARD)),
    Picture("lanh-dao-tham-khao", LEADERSHIP, at(f"{BOARD}?plan=tb-2020")),
    Picture("lanh-dao-khoi", LEADERSHIP, then(at(BOARD), seen(".board"))),
    Picture("lanh-dao-danh-sach", LEADERSHIP, at("/ke-hoach/chi-tieu/products_recognised/?plan=ht-2026")),
    Picture("lanh-dao-ke-hoach", LEADERSHIP, at("/ke-hoach/ht-2026/")),
    Picture("lanh-dao-chot", LEADERSHIP, at("/ke-hoach/ht-2026/?chot=30/09/2026")),
    Picture("lanh-dao-bang-chot", LEADERSHIP, at(f"{BOARD}?plan=ht-2026&chot=2026-09-14")),
    Picture("lanh-dao-so-sanh-nam", LEADERSHIP, at(f"{BOARD}so-sanh-nam/")),
    Picture("lanh-dao-so-sanh-xa", LEADERSHIP, at(f"{BOARD}so-sanh-xa/")),
    Picture("lanh-dao-man-hinh", LEADERSHIP, at(f"{BOARD}man-hinh/")),
)
