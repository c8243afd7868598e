import core.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0002_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='NoticePreference',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('mail', models.CharField(choices=[('now', 'Gửi ngay từng thông báo'), ('daily', 'Gom thành một thư mỗi ngày, lúc 7 giờ sáng'), ('never', 'Không gửi thư; chỉ xem thông báo trên hệ thống')], default='daily', max_length=8, verbose_name='thư điện tử')),
                ('last_digest_on', models.DateField(blank=True, editable=False, null=True)),
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='notice_preference', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'tùy chọn thông báo',
            },
        ),
        migrations.CreateModel(
            name='Notice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('dossier', 'Hồ sơ'), ('deadline', 'Thời hạn'), ('recognition', 'Hạn công nhận'), ('paper', 'Giấy tờ minh chứng'), ('round', 'Đợt đánh giá'), ('job', 'Việc chạy nền')], max_length=12, verbose_name='loại')),
                ('key', models.CharField(max_length=200)),
                ('title', core.fields.NFCCharField(max_length=300, verbose_name='nội dung')),
                ('body', models.TextField(blank=True, verbose_name='chi tiết')),
                ('url', models.CharField(blank=True, max_length=300)),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='lúc')),
                ('read_at', models.DateTimeField(blank=True, null=True, verbose_name='đọc lúc')),
                ('mailed_at', models.DateTimeField(blank=True, null=True, verbose_name='gửi thư lúc')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notices', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'thông báo',
                'ordering': ['-created_at', '-pk'],
                'indexes': [models.Index(fields=['user', '-created_at', '-id'], name='notice_latest'), models.Index(condition=models.Q(('read_at', None)), fields=['user'], name='notice_unread'), models.Index(fields=['created_at'], name='notice_by_age')],
                'constraints': [models.UniqueConstraint(fields=('user', 'key'), name='notice_once_per_person')],
            },
        ),
    ]
