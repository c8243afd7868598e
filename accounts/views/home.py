"""Việc của tôi: what waits for me."""

from django.views.generic import TemplateView

from accounts.enums import Role
from accounts.registry import todos_for

# What usually comes next, by the first role a person holds.
INTRO = {
    Role.ENTITY: "Tại đây có hồ sơ của chủ thể cần soạn, bổ sung hoặc nộp.",
    Role.COMMUNE_OFFICER: "Tại đây có hồ sơ chờ xã kiểm tra và đề nghị tỉnh đánh giá.",
    Role.PROVINCIAL_OFFICER: "Tại đây có hồ sơ chờ tiếp nhận, phiên họp cần đóng kết quả.",
    Role.ADVISORY_MEMBER: "Tại đây có hồ sơ được phân công cho Tổ tư vấn.",
    Role.COUNCIL_MEMBER: "Tại đây có hồ sơ đang chờ đồng chí chấm điểm.",
    Role.LEADERSHIP: "Tại đây có việc chờ lãnh đạo; tiến độ chung xem ở Bảng điều hành.",
    Role.ADMINISTRATOR: "Tại đây có việc chờ quản trị hệ thống.",
}


class HomeView(TemplateView):
    template_name = "accounts/home.html"

    def get_context_data(self, **kwargs):
        user = self.request.user
        role = next((role for role in Role.values if user.has_role(role)), None)
        return super().get_context_data(
            tasks=todos_for(user), role_intro=INTRO.get(role, "Tài khoản chưa được giao vai trò."), **kwargs
        )
