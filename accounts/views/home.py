"""Việc của tôi: what waits for me."""

from django.views.generic import TemplateView

from accounts.enums import Role
from accounts.registry import work_for
from core.models import Notice

# What the page shows, by the first role a person holds.
INTRO = {
    Role.ENTITY: "Tại đây có hồ sơ của chủ thể cần soạn, bổ sung hoặc nộp.",
    Role.COMMUNE_OFFICER: "Tại đây có hồ sơ chờ xã kiểm tra và đề nghị tỉnh đánh giá.",
    Role.PROVINCIAL_OFFICER: "Tại đây có hồ sơ chờ tiếp nhận, phiên họp cần đóng kết quả.",
    Role.ADVISORY_MEMBER: "Tại đây có hồ sơ được giao đọc và tham mưu cho Hội đồng.",
    Role.COUNCIL_MEMBER: "Tại đây có hồ sơ đang chờ đồng chí chấm điểm.",
    Role.LEADERSHIP: "Tại đây có việc chờ lãnh đạo; tiến độ chung xem ở Bảng điều hành.",
    Role.ADMINISTRATOR: "Quản trị hệ thống xem được toàn tỉnh, không sửa hồ sơ, điểm và kế hoạch.",
}

# What usually comes next, said when nothing waits.
NEXT = {
    Role.ENTITY: "Để đăng ký đánh giá: mở Chủ thể, bổ sung thông tin và thêm sản phẩm, rồi ở trang của "
    "sản phẩm bấm “Lập hồ sơ”. Hồ sơ đang soạn hoặc bị trả lại sẽ hiện ở đây.",
    Role.COMMUNE_OFFICER: "Khi chủ thể nộp hồ sơ, hồ sơ sẽ hiện ở đây để xã kiểm tra.",
    Role.PROVINCIAL_OFFICER: "Hồ sơ được xã đề nghị, phiếu đã đủ túc số, quyết định chờ ghi và nhiệm vụ quá "
    "hạn sẽ hiện ở đây.",
    Role.ADVISORY_MEMBER: "Hồ sơ được giao đọc sẽ hiện ở đây. Bộ tiêu chí có mức điểm và điều kiện tối thiểu "
    "của từng hạng sao.",
    Role.COUNCIL_MEMBER: "Khi phiên họp của Hội đồng được mở, phiếu chấm điểm sẽ hiện ở đây.",
    Role.LEADERSHIP: "Nhiệm vụ quá hạn sẽ hiện ở đây.",
    Role.ADMINISTRATOR: "Số liệu chung xem ở Bảng điều hành; hồ sơ và sản phẩm xem ở danh sách.",
}

# Unread notices shown here; the others are a click away.
NEWEST = 5


class HomeView(TemplateView):
    template_name = "accounts/home.html"

    def get_context_data(self, **kwargs):
        user = self.request.user
        role = next((role for role in Role.values if user.has_role(role)), None)
        tasks, more = work_for(user)
        return super().get_context_data(
            tasks=tasks,
            more=more,
            news=Notice.objects.visible_to(user).unread()[:NEWEST],
            role_intro=INTRO.get(role, "Tài khoản chưa được giao vai trò."),
            role_next=NEXT.get(role),
            **kwargs,
        )
